import { type CloudKind, type CloudLook, cloudKinds, type UnseenKind } from "../model/cloud.js";
import { messageOf } from "../model/errors.js";
import { isAnswered, type SweepEdges, surroundingsOf } from "./edges.js";
import { type Candidate, candidateOf, sift } from "./judge.js";

/**
 * Everything of blue's in AWS beside its stack, and what is to become of it. Reads only, and gives up on no kind for another's sake:
 * what can't be seen is told, and what can't be judged is kept.
 *
 * @param standing true while blue stands: see `sift`
 */
export async function lookAtCloud(edges: SweepEdges, standing: boolean): Promise<CloudLook> {
  const unseen: UnseenKind[] = [];
  const candidates: Candidate[] = [];
  for (const kind of cloudKinds) {
    try {
      candidates.push(...(await candidatesOf(kind, edges)));
    } catch (error) {
      edges.signal?.throwIfAborted();
      unseen.push({ kind, why: messageOf(error) });
    }
  }
  const kinds = [...new Set(candidates.map(({ resource }) => resource.kind))];
  const judged: CloudLook["resources"] = [];
  try {
    judged.push(...sift(candidates, await surroundingsOf(kinds, edges), standing));
  } catch (error) {
    edges.signal?.throwIfAborted();
    const kept = `it can't be checked who needs it: ${messageOf(error)}`;
    judged.push(...candidates.map(({ resource: { kind, id, name }, because }) => ({ kind, id, name, because, kept })));
  }
  const blind = unseen.find(({ kind }) => kind === "record" || isAnswered(kind));
  return {
    // Whether a record leads to a load balancer can't be said where one of the two couldn't be read.
    resources: judged.map((each) =>
      blind && mayMeet(each.kind) && !each.kept ? { ...each, kept: unknown(blind) } : each,
    ),
    unseen,
  };
}

const mayMeet = (kind: CloudKind): boolean => kind === "record" || isAnswered(kind);
const unknown = ({ kind, why }: UnseenKind): string => `it can't be checked who needs it: ${kind}: ${why}`;

async function candidatesOf(kind: CloudKind, { kinds, blue, signal }: SweepEdges): Promise<Candidate[]> {
  const found: Candidate[] = [];
  const { wholeList, list, read } = kinds[kind];
  const listed = (await list()).flatMap((each) => candidateOf(each, blue));
  if (wholeList) return listed;
  for (const { resource } of listed) {
    signal?.throwIfAborted();
    const whole = await read(resource.id);
    // What is gone since needs no verdict.
    if (whole) found.push(...candidateOf(whole, blue));
  }
  return found;
}
