import { describe, expect, it } from "vitest";
import { judgeAnswers, messageOfPod } from "../../../src/validate/pods/answers.js";
import { pod } from "../samples.js";

const message = (...lines: string[]) => lines.map((line) => `${line.replace(" = ", "\t")}\n`).join("");
const a = { zone: "a", message: message("name = ok", "api = ok", "zone b = ok") };
const b = { zone: "b", message: message("name = ok", "api = ok", "zone a = ok") };

describe("what callers say", () => {
  it("passes where every one reached everything", () => {
    expect(judgeAnswers([a, b])).toEqual({
      outcome: "passed",
      detail: "from a, b a pod resolves names and reaches the API and the pods of all other zones",
    });
    expect(judgeAnswers([{ zone: "a", message: message("name = ok", "api = ok") }])).toEqual({
      outcome: "passed",
      detail: "from a a pod resolves names and reaches the API; there is no other zone to reach",
    });
  });

  it.each([
    [
      "no name",
      message("name = connection timed out", "api = ok", "zone a = ok"),
      "a pod in b resolves no name: connection timed out",
    ],
    [
      "no API",
      message("name = ok", "api = no connection", "zone a = ok"),
      "a pod in b doesn't reach the API: no connection",
    ],
    [
      "no other zone",
      message("name = ok", "api = ok", "zone a = no answer"),
      "a pod in b doesn't reach the pod in zone a: no answer",
    ],
    ["a report that was cut off", message("name = ok", "api = ok"), "the pod in b told of 2 of 3 things"],
  ])("fails with %s", (_case, words, detail) => {
    expect(judgeAnswers([a, { zone: "b", message: words }])).toEqual({ outcome: "failed", detail });
  });

  it("proves nothing where one ended without a word", () => {
    expect(judgeAnswers([a, { zone: "b", message: undefined }])).toMatchObject({
      outcome: "inconclusive",
      detail: expect.stringMatching(/The pod in b ended without a word/),
    });
  });

  it("fails all the same where another one says so", () => {
    const bad = { zone: "c", message: message("name = refused", "api = ok", "zone a = ok", "zone b = ok") };
    expect(judgeAnswers([{ ...a, message: undefined }, bad]).outcome).toBe("failed");
  });
});

describe("messageOfPod", () => {
  const ended = (terminated: object) => pod("p", { status: { containerStatuses: [{ state: { terminated } }] } });
  it.each([
    ["what it wrote", ended({ message: "name\tok\n" }), "name\tok\n"],
    ["nothing where it wrote nothing", ended({ exitCode: 0 }), undefined],
    ["nothing where it wrote an empty text", ended({ message: "" }), undefined],
    ["nothing where it still runs", pod("p"), undefined],
  ])("is %s", (_case, each, expected) => {
    expect(messageOfPod(each)).toBe(expected);
  });
});
