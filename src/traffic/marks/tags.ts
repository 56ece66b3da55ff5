import { failureKind } from "../../aws/retry.js";
import { messageOf, UserError } from "../../model/errors.js";
import type { JournalEntry } from "../../model/journal.js";
import type { TrafficEdges } from "../effect.js";
import { type ShiftHistory, stepHistory } from "../history.js";
import { addressTag } from "../targets/elastic-ip/tag.js";
import type { RecordedTarget } from "../targets/index.js";
import { balancerTag } from "../targets/load-balancer/tag.js";
import { type Marking, tagKey } from "./marking.js";

/** Tags by allocation id, or by ARN of a listener or a rule. Records have theirs in the zone itself, in the batch that moves them. */
type Tags = Record<string, string>;

const phase = "marks";
const leaving = (attempt: number) => `marks-${attempt}`;
const taking = (step: string) => `${step}/removed`;

/**
 * Writes on every address, listener and rule how it was, before the first of them moves. After a crash the same call goes on: what is
 * there isn't written again.
 *
 * @throws UserError `effect-failed`: nothing has moved by then
 */
export async function leaveTags(shift: ShiftHistory, { aws, journal }: TrafficEdges): Promise<void> {
  const { marking } = shift;
  const tags = marking ? tagsOf(shift.targets, marking) : {};
  if (!marking || Object.keys(tags).length === 0) return;
  const step = leaving(shift.attempt);
  const { intended, done } = stepHistory(journal.entries(), step);
  if (done) return;
  const key = tagKey(marking);
  if (!intended) {
    const what = "tags that say how everything was";
    await journal.append({ type: "intent", step, phase, what, target: key, before: {}, after: tags });
  }
  try {
    // Only a crash leaves some of them behind.
    const present = intended ? await tagsThere(Object.keys(tags), key, aws) : new Map<string, string>();
    for (const [resource, value] of Object.entries(tags)) {
      if (present.get(resource) === value) continue;
      await once(
        () => (isArn(resource) ? aws.elbv2 : aws.ec2).tag(resource, key, value),
        async () => (await tagsThere([resource], key, aws)).get(resource) === value,
      );
    }
  } catch (error) {
    await journal.append({ type: "failed", step, error: messageOf(error) });
    throw new UserError({
      code: "effect-failed",
      what: `The tags that a rollback without any record needs can't be written: ${messageOf(error)} Nothing was moved.`,
      fix: "Allow it, by docs/permissions.md; or set traffic.marks: none, then plan and approve again.",
      cause: error,
    });
  }
  await journal.append({ type: "done", step, result: null });
}

/**
 * Takes all tags off that shifts of this journal left, once they are over. Traffic is where it shall be by then, so what fails is
 * told, and no error: the same call goes on.
 */
export async function takeTags({ aws, journal }: TrafficEdges): Promise<string | undefined> {
  for (const { step, key, resources } of standingTags(journal.entries())) {
    const removal = taking(step);
    const { intended } = stepHistory(journal.entries(), removal);
    if (!intended) {
      const intent = { phase, what: "those tags off again", target: key, before: resources, after: [] };
      await journal.append({ type: "intent", step: removal, ...intent });
    }
    try {
      const there = intended ? await tagsThere(resources, key, aws) : undefined;
      const left = there ? resources.filter((each) => there.has(each)) : resources;
      for (const batch of [left.filter(isArn), left.filter((each) => !isArn(each))]) {
        const [first] = batch;
        if (first === undefined) continue;
        await once(
          () => (isArn(first) ? aws.elbv2 : aws.ec2).untag(batch, key),
          async () => !(await tagsThere(batch, key, aws)).size,
        );
      }
    } catch (error) {
      return `Tags ${key} stay on ${resources.join(", ")}, which harms nothing: ${messageOf(error)} The same command takes them off.`;
    }
    await journal.append({ type: "done", step: removal, result: null });
  }
  return undefined;
}

const tries = 3;

/** An error says little of what became of an effect: before it is repeated, one looks. */
async function once(effect: () => Promise<void>, isDone: () => Promise<boolean>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await effect();
    } catch (error) {
      if (await isDone()) return;
      const cause = error instanceof UserError ? error.cause : error;
      const unclear = cause !== undefined && failureKind(cause) === "unclear";
      if (!unclear || attempt === tries) throw error;
    }
  }
}

function standingTags(entries: readonly JournalEntry[]): { step: string; key: string; resources: string[] }[] {
  return entries.flatMap((entry) =>
    entry.type === "intent" && /^marks-\d+$/.test(entry.step) && !stepHistory(entries, taking(entry.step)).done
      ? [{ step: entry.step, key: entry.target, resources: Object.keys(entry.after as Tags) }]
      : [],
  );
}

export function tagsOf(targets: readonly RecordedTarget[], marking: Marking): Tags {
  const tags: Tags = {};
  for (const target of targets) {
    if (target.kind === "elastic-ip") tags[target.allocationId] = addressTag(target, marking);
    if (target.kind === "load-balancer") tags[target.ruleArn ?? target.listenerArn] = balancerTag(target, marking);
  }
  return tags;
}

async function tagsThere(
  resources: readonly string[],
  key: string,
  { ec2, elbv2 }: TrafficEdges["aws"],
): Promise<Map<string, string>> {
  const arns = resources.filter(isArn);
  const ofAddresses = arns.length < resources.length ? [...(await ec2.tagged(key))] : [];
  const ours = ofAddresses.filter(([resource]) => resources.includes(resource));
  return new Map([...ours, ...(await elbv2.tagsOf(arns, key))]);
}

function isArn(resource: string): boolean {
  return resource.startsWith("arn:");
}
