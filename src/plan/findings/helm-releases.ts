import type { Finding } from "../../model/finding.js";
import { formatMinor } from "../../model/kube-version.js";
import type { ObjectRef } from "../../model/objects.js";
import type { Assessment } from "../assessment.js";
import { removedAt } from "./removed-apis.js";

/** Releases of Helm whose charts rendered removed versions: the next upgrade with the same chart would fail on green. */
export const removedApisInReleases = ({ releases, to }: Pick<Assessment, "releases" | "to">): Finding[] => {
  const byRelease = new Map<string, { keptIn: ObjectRef; apis: Set<string> }>();
  for (const { apiVersion, kind, release, keptIn } of releases.apis) {
    if (!removedAt(apiVersion, kind, to)) continue;
    const entry = byRelease.get(release) ?? { keptIn, apis: new Set<string>() };
    entry.apis.add(`${apiVersion} ${kind}`);
    byRelease.set(release, entry);
  }
  return [...byRelease].map(([release, { keptIn, apis }]) => ({
    id: "helm-release-names-removed-api",
    severity: "warning" as const,
    object: keptIn,
    why: `The Helm release ${release} has ${[...apis].sort().join(", ")}, which ${formatMinor(to)} doesn't serve.`,
    whatToDo: "Use a version of its chart that renders what green serves before its next upgrade there.",
  }));
};

/** Releases of Helm that can't be read: whether they name removed versions isn't known, and nothing in them is rewritten. */
export const unreadReleases = ({ releases }: Pick<Assessment, "releases">): Finding[] =>
  releases.unread.map(({ keptIn, problem }) => ({
    id: "helm-release-unreadable",
    severity: "warning" as const,
    object: keptIn,
    why: `Helm's release in it can't be read: ${problem}. Whether it names APIs that green doesn't serve isn't known, and it stays as it is.`,
    whatToDo: `See what Helm makes of it: \`${historyOf(keptIn)}\`. Helm passes over revisions that it can't decode, so that its next upgrade goes by an older one or finds none; upgrade, or restore the object, on blue first.`,
  }));

function historyOf({ name, namespace }: ObjectRef): string {
  const release = name.replace(/^sh\.helm\.release\.v1\./, "").replace(/\.v\d+$/, "");
  return `helm history ${release}${namespace ? ` -n ${namespace}` : ""}`;
}
