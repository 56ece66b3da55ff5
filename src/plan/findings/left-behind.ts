import { compareMinor } from "../../model/kube-version.js";
import { kindKey } from "../../model/objects.js";
import type { Assessor } from "../assessment.js";

/** What stands for something outside of the cluster stays with blue's controllers, until a person hands it over. */
export const cloudResources: Assessor = ({ decided }) => {
  const byKind = new Map<string, number>();
  const left = decided.settled.filter(({ by }) => by === "cloud-resource");
  for (const { object } of left) byKind.set(kindKey(object), (byKind.get(kindKey(object)) ?? 0) + 1);
  const [first] = left;
  if (!first) return [];
  const kinds = [...byKind].map(([kind, count]) => `${count} ${kind}`).join(", ");
  return [
    {
      id: "cloud-resource-left",
      severity: "warning",
      object: first.object,
      count: left.length,
      why: `${kinds}: each stands for something outside of the cluster, which blue's controllers manage. Two clusters must not.`,
      whatToDo:
        "Before teardown, stop those controllers on blue, and have green's take over what is there (import, adopt), or copy the objects: replay.keep with rule cloud-resource. Deleting them on blue would delete what they stand for.",
    },
  ];
};

/** The first version that recorded who wrote what. */
const managersSince = { major: 1, minor: 18 };

/** Edits of built-in roles that an old version's objects don't show. */
export const unseenEdits: Assessor = ({ from, decided }) => {
  if (compareMinor(from, managersSince) >= 0) return [];
  const count = decided.settled.filter(({ by }) => by === "bootstrap-rbac").length;
  if (count === 0) return [];
  return [
    {
      id: "role-edits-unseen",
      severity: "note",
      count,
      why: `Before 1.18 nothing recorded who wrote an object: a rule that somebody added to one of ${count} built-in roles, for an API of Kubernetes's own, looks like the version's default.`,
      whatToDo: "If you remember one, have it merged into green's: replay.keep with rule bootstrap-rbac and its name.",
    },
  ];
};
