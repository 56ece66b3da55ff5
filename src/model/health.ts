/** What a cluster showed of itself at one look. */
export interface HealthLook {
  /** ISO 8601, UTC. */
  at: string;
  /** UID of its kube-system namespace. */
  clusterId?: string;
  nodes?: { ready: number; total: number; notReady: string[] };
  /** Workloads that everything else needs: how many, and what each that isn't whole lacks. */
  workloads?: { total: number; lacking: string[] };
  /** Why there is nothing to be seen. */
  error?: string;
  /** Nothing answered at all, or nothing that these credentials may have. */
  silent?: true;
}

/** Both clusters, looked at several times just now. */
export interface ClusterHealth {
  blue: HealthLook[];
  green: HealthLook[];
}

export interface HealthRules {
  /** How many looks in a row must be good. */
  times: number;
  /** Percent of the nodes that must be Ready. */
  nodes: number;
}

/** How many of a kind are named. */
const mostNamed = 3;

/**
 * Why a cluster isn't healthy, by several looks; undefined where every one was good. One that flaps passes a single look, so that one
 * bad look is enough to refuse.
 *
 * @param clusterId of the cluster that it must be
 */
export function illnessOf(
  looks: readonly HealthLook[] | undefined,
  { times, nodes }: HealthRules,
  clusterId: string,
): string | undefined {
  if (!looks || looks.length === 0) return "it was not looked at";
  for (const [index, look] of looks.entries()) {
    const why = illnessAt(look, nodes, clusterId);
    if (why !== undefined) return looks.length === 1 ? why : `${why} (look ${index + 1} of ${times})`;
  }
  return looks.length < times ? `it was looked at only ${looks.length} of ${times} times` : undefined;
}

/** Why one look is a bad one. */
export function illnessAt(
  { clusterId, nodes, workloads, error }: HealthLook,
  share: number,
  expected: string,
): string | undefined {
  if (error !== undefined) return `it can't be looked at: ${error}`;
  if (clusterId !== expected)
    return `another cluster answers in its place (${clusterId ?? "of no id"}, not ${expected})`;
  if (!nodes || !workloads) return "it was looked at only in part";
  // Of no nodes every share is Ready.
  if (nodes.total === 0) return "it has no nodes";
  if (nodes.ready * 100 < share * nodes.total) {
    return `${nodes.ready} of ${nodes.total} nodes are Ready, and ${share} % must be: ${named(nodes.notReady)}`;
  }
  if (workloads.lacking.length > 0)
    return `${workloads.lacking.length} of ${workloads.total} system workloads aren't whole: ${named(workloads.lacking)}`;
  return undefined;
}

/**
 * Why there is nobody in a cluster's place, by the last look: nothing answers, or another cluster does. Undefined where it answers, ill
 * or not, and where nobody looked.
 *
 * @param clusterId of the cluster that it must be; undefined where nothing says it
 */
export function absenceOf(looks: readonly HealthLook[] | undefined, clusterId: string | undefined): string | undefined {
  const last = looks?.at(-1);
  if (last?.silent) return last.error ?? "it doesn't answer";
  if (last?.clusterId === undefined || clusterId === undefined || last.clusterId === clusterId) return undefined;
  return `another cluster answers in its place (${last.clusterId}, not ${clusterId})`;
}

function named(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}
