import type { KubeWriter } from "../../kube/api.js";
import type { ParityReport } from "../../model/accounting.js";
import type { BackupDefect } from "../../model/backup.js";
import { refKey } from "../../model/objects.js";
import type { ApplyOptions } from "../apply.js";
import { parity } from "../parity.js";
import { type ReplayResult, type ReplayRules, type ReplaySource, replay } from "../replay.js";

export interface RestoreOptions extends Omit<ApplyOptions, "green"> {
  /** A control plane that is thrown away afterwards. */
  control: KubeWriter;
  /** Ids of clusters that it must not be. */
  never: readonly string[];
  /** ISO 8601, UTC. */
  at: string;
}

export interface Restored {
  result: ReplayResult;
  parity: ParityReport;
  /** What the server refused, and what isn't there or isn't as it should be afterwards. */
  defects: BackupDefect[];
}

/**
 * Restores a backup's objects into a control plane that nobody uses, reads all of them back, and compares. Throws where the control
 * plane is one of those that it must not be: what is written there would stay.
 */
export async function restore(
  source: ReplaySource,
  rules: ReplayRules,
  { control, never, at, ...options }: RestoreOptions,
): Promise<Restored> {
  const { clusterId } = await control.info();
  if (never.includes(clusterId))
    throw new Error(`refused to restore into ${clusterId}, which is no throw-away control plane`);
  const result = await replay(source, rules, { ...options, green: control });
  const refused = result.outcomes
    .filter(({ ending }) => ending === "failed")
    .map(({ object, reason = "" }): BackupDefect => {
      return { id: "refused", object, what: `${refKey(object)} was refused: ${reason}` };
    });
  const isRefused = new Set(refused.flatMap(({ object }) => (object ? [refKey(object)] : [])));
  const arrived = result.expected.filter(({ source: from }) => !isRefused.has(refKey(from)));
  const compared = await parity(arrived, control, { at, ...(options.signal && { signal: options.signal }) });
  return {
    result,
    parity: compared,
    defects: [...refused, ...unaccounted(result), ...compared.differences.flatMap(asDefect)],
  };
}

function unaccounted({ unaccounted: kinds }: ReplayResult): BackupDefect[] {
  return kinds.map(({ kind, listed, ended }) => {
    return { id: "incomplete", what: `It counts ${listed} of ${kind}, and ${ended} could be read.` };
  });
}

function asDefect({ object, kind, fields }: ParityReport["differences"][number]): BackupDefect[] {
  if (kind === "missing")
    return [{ id: "not-arrived", object, what: `${refKey(object)} was restored, and isn't there.` }];
  if (kind === "unexpected") return [];
  const paths = fields.map(({ path }) => path);
  const named = `${paths.slice(0, 5).join(", ")}${paths.length > 5 ? ` and ${paths.length - 5} more` : ""}`;
  return [{ id: "differs", object, what: `${refKey(object)} arrived, and differs in ${named}.` }];
}
