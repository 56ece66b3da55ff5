import { describe, expect, it } from "vitest";
import type { Context } from "../../../../src/commands/shared/command.js";
import type { OpenStack } from "../../../../src/commands/shared/green-stack.js";
import { bringUp } from "../../../../src/commands/shared/up/bring-up.js";
import { change, cluster } from "../../../provision/samples.js";

type OnProgress = NonNullable<Parameters<OpenStack["up"]>[0]>;

/** What is told of an update in which the engine says these things, a minute apart. */
async function told(...events: Parameters<OnProgress>[0][]) {
  let now = 0;
  const lines: string[] = [];
  const stack = {
    async up(onProgress: OnProgress) {
      for (const event of events) {
        onProgress(event);
        now += 60_000;
      }
      return { create: 1 };
    },
  } as unknown as OpenStack;
  const progress = { line: (line: string) => lines.push(line), debug: () => {}, tick: () => {}, end: () => {} };
  const edges = { now: () => new Date(now), signal: new AbortController().signal };
  const foreseen = [change(cluster, {}, { name: "prod" }), change("aws:iam/role:Role", {}, { name: "node" })];
  return { lines, changes: await bringUp(stack, foreseen, { edges, progress } as unknown as Context) };
}
const event = (name: string, type: string, done: boolean, failed = false) => ({
  name,
  type,
  op: "create",
  done,
  failed,
});

describe("bringUp", () => {
  it("tells of each resource once it has ended, with its count and how long it took", async () => {
    const { lines, changes } = await told(
      event("prod", cluster, false),
      event("node", "aws:iam/role:Role", false),
      event("node", "aws:iam/role:Role", true),
      { ...event("other", cluster, true), op: "same" },
      event("prod", cluster, true, true),
    );
    expect(lines).toEqual([
      "up: 1 of 2 create node (aws:iam/role:Role), 1m 00s",
      "up: 2 of 2 FAILED create prod (aws:eks/cluster:Cluster), 4m 00s",
    ]);
    expect(changes).toEqual({ create: 1 });
  });
});
