import { type Approval, type Author, signatureNamespace, signedText } from "../../model/approval.js";
import type { JournalEntry } from "../../model/journal.js";
import { parseSigners, signerOfKey } from "./allowed-signers.js";
import { isMeantBy, meansMany, principalOf } from "./aws-principal.js";
import { verifySignature } from "./ssh-signature.js";

/** The configuration's `approval`. */
export interface ApprovalRules {
  /** How many people must approve. */
  required: number;
  authorMayApproveAlone: boolean;
  /** Who may; where nobody is named, anybody's name counts. */
  approvers: readonly Approver[];
}

/** One person; or, where `aws` is a pattern or a role, each who is meant by it. */
export interface Approver {
  name: string;
  aws?: string | undefined;
  /** True where the role's trust policy fixes the session's name to the person's. */
  sessionIsPerson?: boolean | undefined;
  /** Principal of the allowed signers file. */
  ssh?: string | undefined;
  /** Users of machines on which this person makes plans. */
  users: readonly string[];
}

/** What approvals are judged by, besides the rules. */
export interface Circumstances {
  /** Milliseconds since the epoch. */
  now: number;
  journal: readonly JournalEntry[];
  /** Text of approval.allowedSigners. */
  allowedSigners?: string | undefined;
  author?: Author | undefined;
}

/** Who somebody is: a key that no two people share, and whether an entry of the configuration says that it is one person. */
interface Somebody {
  key: string;
  /** In people's words. */
  name: string;
  entry?: Approver;
  /** What they showed it by. */
  by: Approval["proof"]["kind"];
}

export interface Judgement {
  /** One for each person. */
  counted: { person: string; approval: Approval }[];
  rejected: { approval: Approval; why: string }[];
  /** Why it isn't enough, in a sentence; undefined where it is. */
  lacks?: string;
}

/** Which approvals of one plan count, and whether they are enough. What can't be verified counts for nothing. */
export function judge(
  planHash: string,
  approvals: readonly Approval[],
  rules: ApprovalRules,
  circumstances: Circumstances,
): Judgement {
  const counted: (Judgement["counted"][number] & { somebody: Somebody })[] = [];
  const rejected: Judgement["rejected"] = [];
  for (const approval of approvals) {
    try {
      if (approval.planHash !== planHash) throw new Error("it is of another plan");
      const somebody = identify(approval, rules, circumstances);
      if (counted.every(({ person }) => person !== somebody.key))
        counted.push({ person: somebody.key, approval, somebody });
    } catch (error) {
      rejected.push({ approval, why: (error as Error).message });
    }
  }
  const judgement = { counted: counted.map(({ somebody: _, ...rest }) => rest), rejected };
  const lacks = lackOf(
    counted.map(({ somebody }) => somebody),
    rejected,
    rules,
    circumstances.author,
  );
  return lacks === undefined ? judgement : { ...judgement, lacks };
}

function lackOf(
  people: readonly Somebody[],
  rejected: Judgement["rejected"],
  rules: ApprovalRules,
  author: Author | undefined,
): string | undefined {
  const { required, authorMayApproveAlone, approvers } = rules;
  if (people.length < required) {
    const none = people.length === 0 && rejected.length === 0;
    const why = rejected.map(({ approval, why }) => ` ${approval.by}'s doesn't count: ${why}.`).join("");
    const count = required === 1 ? "" : ` ${required - people.length} of ${required} approval(s) are missing.`;
    return none ? `Nobody has approved the plan.${count}` : `The plan isn't approved yet.${count}${why}`;
  }
  // A name proves nothing, so it can't prove either that it isn't the author's.
  if (authorMayApproveAlone || approvers.length === 0) return undefined;
  if (!author) return "The plan doesn't say who made it, and its author may not approve alone.";
  const maker = identifyAuthor(author, rules);
  if (people.some((person) => isAnother(person, maker, author))) return undefined;
  return people.some(({ key }) => maker.keys.has(key))
    ? "Only its author has approved the plan, who may not approve alone."
    : `Nothing shows that ${people.map(({ key }) => key).join(", ")} isn't the plan's author, ${author.user} on ${author.host}, who may not approve alone: name the author under approval.approvers, with users or aws.`;
}

/** Who approved. @throws Error where that isn't proved */
export function identify(
  { planHash, by, proof }: Approval,
  { approvers }: ApprovalRules,
  { journal, allowedSigners, now }: Circumstances,
): Somebody {
  if (proof.kind === "name") {
    if (approvers.length > 0) throw new Error("a name alone proves nothing, and approval.approvers asks for more");
    return { key: by.trim().toLowerCase(), name: by, by: "name" };
  }
  if (proof.kind === "aws") {
    const somebody = bySts(proof.arn, approvers);
    if (!somebody) throw new Error(`${proof.arn} is nobody's under approval.approvers`);
    if (!journal.some((entry) => saysApproved(entry, planHash, proof.arn)))
      throw new Error("the journal doesn't know of it: approval.json was edited");
    return somebody;
  }
  if (allowedSigners === undefined)
    throw new Error("approval.allowedSigners isn't set, so no signature can be verified");
  const key = verifySignature(proof.signature, signedText(planHash), signatureNamespace);
  const { principal } = signerOfKey(parseSigners(allowedSigners), key, signatureNamespace, now);
  const entry = approvers.find(({ ssh }) => ssh !== undefined && same(ssh, principal));
  if (!entry) throw new Error(`${principal} is nobody's under approval.approvers`);
  return { key: entry.name.toLowerCase(), name: entry.name, entry, by: "ssh" };
}

function bySts(arn: string, approvers: readonly Approver[]): Somebody | undefined {
  const entry = approvers.find(({ aws }) => aws !== undefined && isMeantBy(arn, aws));
  const principal = principalOf(arn, entry?.sessionIsPerson);
  if (!entry || !principal) return undefined;
  // Of a role whose sessions anybody names, an entry of one session is no proof of one person.
  const isPerson = !meansMany(entry.aws ?? "") && principal.person !== `${principal.account}/role/${principal.role}`;
  return isPerson
    ? { key: entry.name.toLowerCase(), name: entry.name, entry, by: "aws" }
    : { key: principal.person.toLowerCase(), name: principal.person, by: "aws" };
}

function saysApproved(entry: JournalEntry, planHash: string, arn: string): boolean {
  if (entry.type !== "event" || entry.phase !== "approve" || entry.event !== "approved") return false;
  const { plan, arn: said } = entry.data as { plan?: unknown; arn?: unknown };
  return plan === planHash && said === arn;
}

interface Maker {
  keys: Set<string>;
  /** An entry names the author as one person. */
  isNamed: boolean;
}

function identifyAuthor({ user, arn }: Author, { approvers }: ApprovalRules): Maker {
  const named = approvers.filter(({ users }) => users.some((each) => same(each, user)));
  const caller = arn === undefined ? undefined : (bySts(arn, approvers) ?? rawCaller(arn));
  const keys = new Set(named.map(({ name }) => name.toLowerCase()));
  if (caller) keys.add(caller.key);
  return { keys, isNamed: named.length > 0 || caller?.entry !== undefined };
}

function rawCaller(arn: string): Somebody | undefined {
  const principal = principalOf(arn);
  return principal && { key: principal.person.toLowerCase(), name: principal.person, by: "aws" };
}

/** Two people are told apart where AWS names both, or where the configuration has an entry for each. */
function isAnother(person: Somebody, maker: Maker, { arn }: Author): boolean {
  if (maker.keys.has(person.key)) return false;
  return (person.by === "aws" && arn !== undefined) || (person.entry !== undefined && maker.isNamed);
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
