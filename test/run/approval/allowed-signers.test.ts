import { describe, expect, it } from "vitest";
import { parseSigners, signerOfKey } from "../../../src/run/approval/allowed-signers.js";

const blob = Buffer.from("a key").toString("base64");
const key = Buffer.from("a key");
const now = Date.parse("2026-11-28T22:00:00Z");

const find = (text: string) => signerOfKey(parseSigners(text), key, "clustershift-plan", now).principal;

describe("an allowed signers file", () => {
  it.each([
    ["a key", `jo@acme.example ssh-ed25519 ${blob}`, "jo@acme.example"],
    ["a comment behind it", `jo@acme.example ssh-ed25519 ${blob} Jo's laptop`, "jo@acme.example"],
    ["several principals", `jo,jo@acme.example ssh-ed25519 ${blob}`, "jo"],
    ["our namespace", `jo namespaces="git,clustershift-plan" ssh-ed25519 ${blob}`, "jo"],
    ["times", `jo valid-after="20260101",valid-before="20270101Z" ssh-ed25519 ${blob}`, "jo"],
    ["comments and empty lines", `# who may\n\n  jo ssh-ed25519 ${blob}\n`, "jo"],
    ["two lines of one key", `jo namespaces="git" ssh-ed25519 ${blob}\nal ssh-ed25519 ${blob}`, "al"],
  ])("finds who it is by %s", (_, text, principal) => {
    expect(find(text)).toBe(principal);
  });

  it.each([
    ["nobody has the key", `jo ssh-ed25519 ${Buffer.from("other").toString("base64")}`, "nobody's"],
    ["it is for something else", `jo namespaces="git" ssh-ed25519 ${blob}`, 'not allowed for "clustershift-plan" now'],
    ["its time is over", `jo valid-before="20261128220000Z" ssh-ed25519 ${blob}`, "line 1"],
    ["its time hasn't come", `jo valid-after="20261128220001Z" ssh-ed25519 ${blob}`, "line 1"],
    ["it is a certificate authority", `jo cert-authority ssh-ed25519 ${blob}`, "nobody's"],
    ["an option isn't known", `jo no-touch-required ssh-ed25519 ${blob}`, "nobody's"],
    ["anybody is meant", `*@acme.example ssh-ed25519 ${blob}`, "nobody's"],
    ["somebody is left out", `!jo,al ssh-ed25519 ${blob}`, "nobody's"],
    ["there is nothing", "", "nobody's"],
  ])("accepts nobody where %s", (_, text, why) => {
    expect(() => find(text)).toThrow(why);
  });

  it("says which lines count for nothing, and why", () => {
    const text = `# who may\n*@acme.example ssh-ed25519 ${blob}\njo cert-authority ssh-ed25519 ${blob}\njo valid-after="soon" ssh-ed25519 ${blob}\njo`;
    expect(parseSigners(text)).toEqual({
      signers: [],
      ignored: [
        { line: 2, why: '"*@acme.example" is a pattern, not one person' },
        { line: 3, why: 'its option "cert-authority" is not understood' },
        { line: 4, why: '"soon" is no time' },
        { line: 5, why: "it has no key of a known type" },
      ],
    });
  });
});
