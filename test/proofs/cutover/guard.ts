import type { RecordSet } from "../../../src/model/traffic.js";
import type { AwsFront, Seen } from "../../../src/sandbox/aws/front.js";
import { applyBatch } from "../../traffic/targets/route53/zone-model.js";
import type { World } from "../../traffic/world.js";
import { changesOf, inOrder } from "./change-batch.js";

export interface Guard {
  /** Batches that the proxy saw, whatever became of them. */
  batches(): number;
  /** What any of them would have taken away: a name's only answer, the last weight above zero. */
  unsafe: string[];
  /** The zones as they must be by Route 53's own rules, after all that was done. */
  records(): RecordSet[];
  stop(): void;
}

/**
 * Looks at each batch as it comes to the proxy, also at those that never arrive: applied to the zone as it is then, every name keeps
 * an answer, and every name with weights one above zero. A listener's rule keeps one as well.
 */
export async function guardBatches(front: AwsFront, { records, zoneIds }: World): Promise<Guard> {
  const all = await records();
  const zones = new Map(zoneIds.map((id, index) => [id, (all[index] ?? []).map(inOrder)]));
  const unsafe: string[] = [];
  let batches = 0;

  const observe = ({ request: { action, path }, body, ending }: Seen) => {
    if (action === "ModifyRule" || action === "ModifyListener") {
      batches++;
      if (!keepsWeight(new URLSearchParams(body))) unsafe.push(`${action}: no target group keeps a weight`);
    }
    if (action !== "ChangeResourceRecordSets") return;
    const zoneId = /hostedzone\/([^/]+)\/rrset/.exec(path)?.[1] ?? "";
    const before = zones.get(zoneId);
    if (!before) return;
    batches++;
    const changes = changesOf(body);
    if (changes.length === 0) unsafe.push(`an empty batch: ${body}`);
    let after: RecordSet[];
    try {
      after = applyBatch(before, changes);
    } catch (error) {
      // Route 53 would say no, and so change nothing. The emulator is more patient, which must not be relied on.
      if (ending === "done") unsafe.push(`the emulator did what Route 53 refuses: ${String(error)}`);
      return;
    }
    unsafe.push(...lost(before, after));
    if (ending === "done") zones.set(zoneId, after);
  };
  front.observers.push(observe);
  return {
    batches: () => batches,
    unsafe,
    records: () => [...zones.values()].flat(),
    stop: () => front.observers.splice(front.observers.indexOf(observe), 1),
  };
}

/** Names that had an answer and have none any more. */
function lost(before: readonly RecordSet[], after: readonly RecordSet[]): string[] {
  const nameOf = ({ Name, Type }: RecordSet) => `${Name} ${Type}`;
  const answers = (sets: readonly RecordSet[], name: string) => {
    const own = sets.filter((set) => nameOf(set) === name);
    return own.some(({ Weight }) => Weight === undefined || Weight > 0);
  };
  // A mark answers nobody, and goes with what it is about.
  const names = before.filter(({ Name }) => !Name.startsWith("_clustershift-")).map(nameOf);
  return [...new Set(names)]
    .filter((name) => answers(before, name) && !answers(after, name))
    .map((name) => `${name} would have no answer, or no weight above zero`);
}

function keepsWeight(asked: URLSearchParams): boolean {
  const weights = [...asked].flatMap(([name, value]) =>
    /TargetGroups\.member\.\d+\.Weight$/.test(name) ? [Number(value)] : [],
  );
  return weights.length === 0 || weights.some((weight) => weight > 0);
}
