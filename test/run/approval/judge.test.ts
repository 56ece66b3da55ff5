import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Approval, Author } from "../../../src/model/approval.js";
import type { JournalEntry } from "../../../src/model/journal.js";
import { type ApprovalRules, type Circumstances, judge } from "../../../src/run/approval/judge.js";
import { ago, journalOf, now } from "../evidence.js";
import { keyFolder, signPlan } from "./keys.js";

const folder = keyFolder();
afterAll(() => folder?.end());

const sso = (person: string) => `arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_0a/${person}`;
const deploy = (session: string) => `arn:aws:sts::123456789012:assumed-role/Deploy/${session}`;

const open: ApprovalRules = { required: 1, authorMayApproveAlone: false, approvers: [] };
const rules: ApprovalRules = {
  required: 1,
  authorMayApproveAlone: false,
  approvers: [
    { name: "Jo Berg", aws: sso("jo@acme.example"), ssh: "jo@acme.example", users: ["jo"] },
    { name: "Al Moor", ssh: "al@acme.example", users: ["al"] },
    { name: "operations", aws: "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_*/*", users: [] },
    { name: "pipelines", aws: "arn:aws:iam::123456789012:role/Deploy", users: ["runner"] },
  ],
};

const approval = (by: string, proof: Approval["proof"] = { kind: "name" }): Approval => ({
  planHash: "p1",
  by,
  at: ago(1),
  proof,
});
const byAws = (arn: string) => approval(arn.split("/").at(-1) ?? "", { kind: "aws", arn });
const author: Author = { user: "al", host: "laptop", arn: sso("al@acme.example") };

/** The journal knows of every approval by AWS. */
function knowing(...approvals: Approval[]): JournalEntry[] {
  return journalOf(
    ...approvals.map(({ by, proof, planHash }): Parameters<typeof journalOf>[number] => [
      ago(1),
      {
        type: "event",
        phase: "approve",
        event: "approved",
        data: { by, plan: planHash, ...(proof.kind === "aws" && { arn: proof.arn }) },
      },
    ]),
  );
}

const judged = (approvals: Approval[], by: ApprovalRules = rules, more: Partial<Circumstances> = {}) =>
  judge("p1", approvals, by, { now, author, journal: knowing(...approvals), ...more });

describe("where nobody is named", () => {
  it("a name is enough, the author's too", () => {
    expect(judged([approval("al")], open).lacks).toBeUndefined();
  });

  it.each([
    [[], "Nobody has approved the plan. 2 of 2 approval(s) are missing."],
    [[approval("Jo")], "The plan isn't approved yet. 1 of 2 approval(s) are missing."],
    [[approval("Jo"), approval(" jo ")], "The plan isn't approved yet. 1 of 2 approval(s) are missing."],
    [[approval("Jo"), approval("Al")], undefined],
  ])("two names are two people: %j", (approvals, lacks) => {
    expect(judged(approvals, { ...open, required: 2 }).lacks).toBe(lacks);
  });

  it("an approval of another plan counts for nothing", () => {
    expect(judged([{ ...approval("Jo"), planHash: "p0" }], open).lacks).toContain(
      "Jo's doesn't count: it is of another plan",
    );
  });
});

describe("by AWS", () => {
  it.each<[string, Approval[], Partial<ApprovalRules>, RegExp | undefined]>([
    ["a person", [byAws(sso("jo@acme.example"))], {}, undefined],
    ["one of many", [byAws(sso("cy@acme.example"))], {}, undefined],
    ["a role", [byAws(deploy("x"))], {}, undefined],
    ["two people", [byAws(sso("jo@acme.example")), byAws(sso("cy@acme.example"))], { required: 2 }, undefined],
    ["a name alone", [approval("Jo Berg")], {}, /a name alone proves nothing/],
    ["a stranger", [byAws("arn:aws:iam::123456789012:user/jo")], {}, /is nobody's under approval\.approvers/],
    ["no ARN at all", [byAws("jo")], {}, /is nobody's/],
    [
      "two sessions of one role",
      [byAws(deploy("jo")), byAws(deploy("cy"))],
      { required: 2 },
      /1 of 2 approval\(s\) are missing/,
    ],
    [
      "one person twice",
      [byAws(sso("Cy@acme.example")), byAws(sso("cy@acme.example"))],
      { required: 2 },
      /1 of 2 approval\(s\) are missing/,
    ],
    ["the author alone", [byAws(sso("al@acme.example"))], {}, /Only its author has approved/],
    ["the author alone, who may", [byAws(sso("al@acme.example"))], { authorMayApproveAlone: true }, undefined],
    [
      "the author and another",
      [byAws(sso("al@acme.example")), byAws(sso("cy@acme.example"))],
      { required: 2 },
      undefined,
    ],
  ])("%s", (_, approvals, changes, lacks) => {
    const judgement = judged(approvals, { ...rules, ...changes });
    if (lacks) expect(judgement.lacks).toMatch(lacks);
    else expect(judgement.lacks).toBeUndefined();
  });

  it("two sessions that entries name are one person all the same, as whoever has the role names them", () => {
    const approvers = ["jo", "cy"].map((name) => ({ name, aws: deploy(name), users: [] }));
    const approvals = [byAws(deploy("jo")), byAws(deploy("cy"))];
    expect(judged(approvals, { ...rules, required: 2, approvers }).lacks).toMatch(/1 of 2/);
    const fixed = approvers.map((each) => ({ ...each, sessionIsPerson: true }));
    expect(judged(approvals, { ...rules, required: 2, approvers: fixed }).lacks).toBeUndefined();
  });

  it("an approval that was written into the file by hand counts for nothing", () => {
    const forged = byAws(sso("jo@acme.example"));
    expect(judged([forged], rules, { journal: [] }).lacks).toMatch(/the journal doesn't know of it/);
    expect(judged([forged], rules, { journal: knowing({ ...forged, planHash: "p0" }) }).lacks).toMatch(/journal/);
  });
});

describe("the author", () => {
  const jo = byAws(sso("jo@acme.example"));
  const cy = byAws(sso("cy@acme.example"));
  it.each<[string, Author | undefined, Approval, RegExp | undefined]>([
    ["isn't known", undefined, jo, /doesn't say who made it/],
    ["is known by the machine's user", { user: "jo", host: "h" }, jo, /Only its author/],
    ["is another entry's user", { user: "al", host: "h" }, jo, undefined],
    [
      "is a user whom nobody names",
      { user: "root", host: "h" },
      jo,
      /Nothing shows that .* isn't the plan's author, root on h/,
    ],
    ["is a pipeline", { user: "runner", host: "h", arn: deploy("ci") }, cy, undefined],
    ["is a pipeline without AWS, and the approver one of many", { user: "runner", host: "h" }, cy, /Nothing shows/],
    [
      "is a pipeline that approves itself",
      { user: "x", host: "h", arn: deploy("a") },
      byAws(deploy("b")),
      /Only its author/,
    ],
  ])("%s", (_, author, approved, lacks) => {
    const judgement = judged([approved], rules, { author });
    if (lacks) expect(judgement.lacks).toMatch(lacks);
    else expect(judgement.lacks).toBeUndefined();
  });
});

describe.skipIf(!folder)("by an SSH key", () => {
  if (!folder) return;
  const key = folder.key("jo", "-t", "ed25519");
  const line = `jo@acme.example namespaces="clustershift-plan" ${key.publicLine}`;
  const signed = (hash = "p1") => approval("Jo", { kind: "ssh", signature: signPlan(key, hash) });

  it.each<[string, Approval, Partial<Circumstances>, RegExp | undefined]>([
    ["a signature of the plan", signed(), { allowedSigners: line }, undefined],
    ["a signature of another plan", signed("p0"), { allowedSigners: line }, /doesn't fit what should have been signed/],
    ["no file of signers", signed(), {}, /no signature can be verified/],
    ["a key that was taken out", signed(), { allowedSigners: "" }, /nobody's in approval\.allowedSigners/],
    [
      "a stranger's key",
      signed(),
      { allowedSigners: `cy ${key.publicLine}` },
      /cy is nobody's under approval\.approvers/,
    ],
    [
      "what is no signature",
      approval("Jo", { kind: "ssh", signature: "yes" }),
      { allowedSigners: line },
      /doesn't begin/,
    ],
  ])("%s", (_, given, more, lacks) => {
    const judgement = judged([given], rules, more);
    if (lacks) expect(judgement.lacks).toMatch(lacks);
    else expect(judgement.lacks).toBeUndefined();
  });

  it("is the same person as by AWS, where one entry has both", () => {
    const approvals = [signed(), byAws(sso("jo@acme.example"))];
    const judgement = judged(approvals, { ...rules, required: 2 }, { allowedSigners: line });
    expect(judgement.counted).toHaveLength(1);
    expect(judgement.lacks).toMatch(/1 of 2/);
  });
});

it("never counts more people than approved, nor the same one twice, in any order", () => {
  const arns = [sso("a"), sso("b"), sso("A"), deploy("a"), deploy("b"), "arn:aws:iam::123456789012:user/x", "junk"];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...arns)), fc.integer({ min: 1, max: 4 }), (given, required) => {
      const approvals = given.map(byAws);
      const { counted, lacks } = judged(approvals, { ...rules, required });
      const people = new Set(
        given.flatMap((arn) => (/Ops/.test(arn) ? arn.toLowerCase() : /Deploy/.test(arn) ? "d" : [])),
      );
      expect(counted).toHaveLength(people.size);
      expect(lacks === undefined).toBe(people.size >= required);
    }),
  );
});
