import { describe, expect, it } from "vitest";
import { messageOf, UserError } from "../../src/model/errors.js";
import { type ExitCodeName, exitCodes } from "../../src/model/exit-codes.js";
import { gates } from "../../src/run/gates/index.js";

const all = Object.entries(exitCodes) as [ExitCodeName, { code: number; meaning: string }][];

describe("exit codes", () => {
  it("are each another number that a shell can tell apart from a signal's", () => {
    expect(new Set(all.map(([, { code }]) => code)).size).toBe(all.length);
    for (const [name, { code }] of all) {
      expect(Number.isInteger(code) && code >= 0, name).toBe(true);
      if (name !== "interrupted") expect(code, name).toBeLessThan(126);
    }
  });

  it("keep the numbers that they were given: scripts rely on them", () => {
    expect(Object.fromEntries(all.map(([name, { code }]) => [name, code]))).toMatchObject({
      ok: 0,
      internal: 1,
      usage: 2,
      "config-invalid": 3,
      "no-plan": 10,
      "plan-not-approved": 11,
      "plan-changed": 12,
      "smoke-missing": 13,
      "smoke-failed": 14,
      "smoke-stale": 15,
      "smoke-other-green": 16,
      "outside-window": 17,
      locked: 18,
      "moved-back": 34,
      interrupted: 130,
    });
  });

  it("are documented, and a gate's says that it is one", () => {
    for (const [name, { meaning }] of all) expect(meaning, name).toMatch(/^[A-Za-z].*\.$/);
    for (const { id } of Object.values(gates)) expect(exitCodes[id].meaning, id).toMatch(/^Gate: /);
  });
});

describe("UserError", () => {
  it("carries what happened, what to do and how the process ends", () => {
    const cause = new Error("ECONNREFUSED");
    const error = new UserError({ code: "cluster-unreachable", what: "Blue can't be reached.", fix: "Look.", cause });
    expect(error).toMatchObject({
      message: "Blue can't be reached.",
      fix: "Look.",
      exitCode: 4,
      cause,
      name: "UserError",
    });
    expect("cause" in new UserError({ code: "usage", what: "w", fix: "f" })).toBe(false);
  });

  it.each([
    [new Error("words"), "words"],
    ["words", "words"],
    [undefined, "undefined"],
    [{ toString: (): string => "words" }, "words"],
  ])("messageOf(%s)", (thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });
});
