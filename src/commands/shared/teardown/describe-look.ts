import type { CloudLook, JudgedResource } from "../../../model/cloud.js";
import { dataKinds } from "../../../model/cloud.js";
import type { Project } from "../project.js";

/** What blue's controllers made, for people: one line each, orphans first. */
export function describeLook(title: string, { resources, unseen }: CloudLook): string[] {
  const orphans = resources.filter(({ kept }) => kept === undefined);
  const kept = resources.filter((each): each is Required<JudgedResource> => each.kept !== undefined);
  return [
    ...(resources.length === 0 ? [`${title}: nothing was found.`] : [`${title}:`]),
    ...orphans.map((each) => `  ${named(each)}: ${each.because}${dataKinds.has(each.kind) ? " (holds data)" : ""}`),
    ...kept.map((each) => `  stays  ${named(each)}: ${each.kept}`),
    ...unseen.map(({ kind, why }) => `  can't be seen: ${kind}s: ${why}`),
  ];
}

/** Where nobody can look, that must be said. */
export const notLooked = ({ file }: Project): string =>
  `What blue's controllers made in AWS isn't looked for: ${file} has no aws.`;

const named = ({ kind, id, name }: JudgedResource): string => `${kind} ${id}${name === id ? "" : ` (${name})`}`;
