import type { Finding } from "../../model/finding.js";
import { refOf } from "../../model/objects.js";
import type { PlannedArchive, PlannedPart } from "../../model/plan.js";
import type { Assessor } from "../assessment.js";

/** What nearly every cluster has, and `kubectl get all` and many a script leave out. */
const common = [
  "ClusterRole.rbac.authorization.k8s.io",
  "ConfigMap",
  "CustomResourceDefinition.apiextensions.k8s.io",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Role.rbac.authorization.k8s.io",
  "RoleBinding.rbac.authorization.k8s.io",
  "Secret",
  "Service",
  "ServiceAccount",
  "StorageClass.storage.k8s.io",
];

const names: Record<PlannedPart["kind"], string> = {
  folder: "the folder",
  bundle: "the bundle",
  velero: "the Velero backup",
};

/** A plan can be no better than what it was made from. */
export const madeFromArchive: Assessor = ({ archive, kinds }) => {
  if (!archive) return [];
  const there = new Set(kinds.filter(({ count }) => count > 0).map(({ kind }) => kind));
  const unseen = common.filter((kind) => !there.has(kind));
  const { versionBy } = archive;
  return [
    {
      id: "made-from-archive",
      severity: "warning",
      why: `Blue itself was not asked: this is made from ${described(archive)} What changed later can't be seen, nor APIs that don't answer. Blue's version ${versionBy}.${unseen.length > 0 ? ` It has nothing of ${unseen.join(", ")}.` : ""}`,
      whatToDo:
        unseen.length > 0
          ? "What blue had of these kinds doesn't arrive in green: add it to the archive, or see that it comes from elsewhere."
          : "See that nothing of what blue had is missing from it.",
    },
  ];
};

function described(archive: PlannedArchive): string {
  if (archive.kind !== "several") return `${describedOne({ ...archive, kind: archive.kind })}.`;
  const parts = archive.parts ?? [];
  const counted = parts.map((part) => {
    const objects = Object.values(part.kinds).reduce((sum, count) => sum + count, 0);
    return `${objects} object(s) of ${describedOne(part)}`;
  });
  return `${counted.join(", and ")}; of what several have, that of the one named last.${parts.slice(0, -1).map(alone(parts)).join("")}`;
}

/** So many kinds are named. */
const mostKinds = 12;

/** Kinds that a later archive has nothing of: an export without Secrets gets them from a backup. */
const alone = (parts: readonly PlannedPart[]) => (part: PlannedPart) => {
  const others = parts.filter((each) => each !== part);
  const kinds = Object.keys(part.kinds).filter((kind) => others.every((each) => each.kinds[kind] === undefined));
  const more = kinds.length > mostKinds ? ` and ${kinds.length - mostKinds} more` : "";
  return kinds.length === 0 ? "" : ` From ${part.path} alone: ${kinds.slice(0, mostKinds).join(", ")}${more}.`;
};

function describedOne({ kind, path, takenAt }: Pick<PlannedPart, "kind" | "path" | "takenAt">): string {
  const when = takenAt === null ? "of which nothing says when it was taken" : `${whenTaken[kind]} ${takenAt}`;
  return `${names[kind]} ${path}, ${when}`;
}

const whenTaken: Record<PlannedPart["kind"], string> = {
  folder: "whose newest trace of a server is of",
  bundle: "exported at",
  velero: "begun at",
};

/** Green refuses objects of a namespace that isn't there; a script that lists namespaced kinds leaves namespaces out. */
export const namespacesMissing: Assessor = ({ archive, objects }) => {
  if (!archive) return [];
  const there = new Set(
    objects
      .filter(({ apiVersion, kind }) => apiVersion === "v1" && kind === "Namespace")
      .map(({ metadata }) => metadata.name),
  );
  // Every cluster makes these by itself.
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"]) there.add(name);
  const missing = new Map<string, { count: number; first: Finding["object"] }>();
  for (const object of objects) {
    const { namespace } = object.metadata;
    if (!namespace || there.has(namespace)) continue;
    const entry = missing.get(namespace) ?? { count: 0, first: refOf(object) };
    missing.set(namespace, { ...entry, count: entry.count + 1 });
  }
  return [...missing].map(([namespace, { count, first }]) => ({
    id: "namespace-missing",
    severity: "warning" as const,
    ...(first && { object: first }),
    count,
    why: `${count} object(s) are in the namespace ${namespace}, which the archive doesn't have: green refuses them.`,
    whatToDo: `Add a Namespace ${namespace} to the archive, with the labels and annotations that it had.`,
  }));
};
