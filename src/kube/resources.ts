import { type ApiResource, type GroupKind, kindKey } from "../model/objects.js";

/**
 * Groups that serve the same stored objects as another one; read once, in the second group, where that is served. Source:
 * https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
const sameStorage: readonly { kind: string; alias: string; home: string }[] = [
  { kind: "Event", alias: "events.k8s.io", home: "" },
  { kind: "Deployment", alias: "extensions", home: "apps" },
  { kind: "DaemonSet", alias: "extensions", home: "apps" },
  { kind: "ReplicaSet", alias: "extensions", home: "apps" },
  { kind: "Ingress", alias: "extensions", home: "networking.k8s.io" },
  { kind: "NetworkPolicy", alias: "extensions", home: "networking.k8s.io" },
  { kind: "PodSecurityPolicy", alias: "extensions", home: "policy" },
];

/** What a list shows but nobody stored: it is computed at each request. */
const computed: readonly { matches: (resource: ApiResource) => boolean; why: string }[] = [
  {
    matches: ({ group, kind }) => group === "" && kind === "ComponentStatus",
    why: "health of the control plane, probed when asked",
  },
  { matches: ({ group }) => /^(.+\.)?metrics\.k8s\.io$/.test(group), why: "measurements of a metrics server" },
  { matches: ({ kind }) => kind.endsWith("Review"), why: "questions to the API server, with no object behind" },
];

/**
 * What to read so that every stored object is read once: one resource for each kind, in the version that `prefer` takes
 * from those that there are. `prefer` is given at least one, all of one group and kind, in the server's order. Sorted by
 * kind key, so that two readings of one cluster are in one order.
 */
export function readableResources(
  resources: readonly ApiResource[],
  prefer: (candidates: ApiResource[]) => ApiResource,
): ApiResource[] {
  const stored = resources.filter(
    (resource) =>
      ["get", "list"].every((verb) => resource.verbs.includes(verb)) &&
      !computed.some(({ matches }) => matches(resource)),
  );
  const byKind = new Map<string, ApiResource[]>();
  for (const resource of stored) byKind.set(kindKey(resource), [...(byKind.get(kindKey(resource)) ?? []), resource]);
  return [...byKind.values()]
    .filter(([first]) => first && !isAlias(first, byKind))
    .map(prefer)
    .sort((a, b) => (kindKey(a) < kindKey(b) ? -1 : 1));
}

/** The kind under which an object is stored, whatever group it was read in: `Deployment.extensions` is `Deployment.apps`. */
export function homeOf({ group, kind }: GroupKind): GroupKind {
  const home = sameStorage.find((entry) => entry.kind === kind && entry.alias === group)?.home;
  return { group: home ?? group, kind };
}

function isAlias({ group, kind }: GroupKind, byKind: ReadonlyMap<string, unknown>): boolean {
  return sameStorage.some((entry) => {
    return entry.kind === kind && entry.alias === group && byKind.has(kindKey({ group: entry.home, kind }));
  });
}
