import { describe, expect, it } from "vitest";
import type { Context } from "../../../../src/commands/shared/command.js";
import { answersFor } from "../../../../src/commands/shared/init/questions.js";
import type { Shape } from "../../../../src/model/shape.js";

const blue = (names: string[], region?: string): Shape => ({
  name: "blue",
  groups: names.map((name) => ({
    name,
    zones: [],
    min: 1,
    max: 1,
    instanceTypes: [],
    spot: false,
    labels: {},
    taints: [],
    ownsAddresses: false,
  })),
  network: { cidrs: [], subnets: [] },
  remarks: [],
  ...(region && { region }),
});

/** A terminal at which somebody answers so, in turn; and what was asked. */
function terminal(...answers: string[]) {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question.split("\n")[0] ?? "");
    return answers.shift() ?? "";
  };
  return { asked, context: { edges: { ask } } as unknown as Context };
}

describe("what init asks", () => {
  it("is what options and blue don't say", async () => {
    const { asked, context } = terminal("eu-west-1", "arn:x", "203.0.113.0/24 192.0.2.0/24");
    expect(await answersFor(blue(["nodes", "syslog"]), { syslogFrom: [] }, [], context)).toEqual({
      region: "eu-west-1",
      admin: "arn:x",
      syslog: { group: "syslog", allowFrom: ["203.0.113.0/24", "192.0.2.0/24"] },
    });
    expect(asked).toEqual([
      "In which AWS region shall green stand?",
      "Who administers green? The ARN of an IAM role or user:",
      "Who may send to syslog on port 514? IPv4 ranges, separated by blanks:",
    ]);
  });

  it("is nothing where all is said", async () => {
    const { asked, context } = terminal();
    const given = { admin: "arn:x", syslogGroup: "logs", syslogFrom: ["203.0.113.0/24"] };
    expect(await answersFor(blue(["logs"], "eu-west-1"), given, [], context)).toEqual({
      region: "eu-west-1",
      admin: "arn:x",
      syslog: { group: "logs", allowFrom: ["203.0.113.0/24"] },
    });
    expect(asked).toEqual([]);
  });

  it("stays open where the answer is empty, or nobody is there", async () => {
    const open = { region: undefined, admin: undefined };
    expect(await answersFor(blue(["nodes"]), { syslogFrom: [] }, [], terminal("", " ").context)).toEqual(open);
    const nobody = { edges: {} } as unknown as Context;
    expect(await answersFor(blue(["nodes"]), { syslogFrom: [] }, [], nobody)).toEqual(open);
  });

  it("takes no other cloud's region for one of AWS", async () => {
    const { context } = terminal("eu-west-1");
    expect(await answersFor(blue([], "europe-west1"), { syslogFrom: [] }, [], context)).toMatchObject({
      region: "eu-west-1",
    });
  });

  it("takes a group for the receiver by its name, unless only others own addresses", async () => {
    const syslogOf = async (names: string[], owners: string[]) =>
      (await answersFor(blue(names), { syslogFrom: [] }, owners, terminal().context)).syslog?.group;
    expect(await syslogOf(["nodes", "prod.syslog-a"], [])).toBe("prod.syslog-a");
    expect(await syslogOf(["nodes", "mysyslogger"], [])).toBeUndefined();
    expect(await syslogOf(["nodes", "syslog"], ["syslog"])).toBe("syslog");
    expect(await syslogOf(["nodes", "syslog"], ["nodes"])).toBeUndefined();
  });
});
