import type { SmokeCheckConfig } from "../../config/schema.js";
import type { KubeReader } from "../../kube/api.js";
import { releasedKeys } from "../../model/held.js";
import type { GreenRecord } from "../../model/run.js";
import type { SmokeReport } from "../../model/smoke.js";
import { parity } from "../../replay/parity.js";
import { planReplay } from "../../replay/replay.js";
import { readJournal } from "../../run/journal.js";
import { LedgerFile } from "../../run/ledger-file.js";
import type { RunFolder } from "../../run/run-folder.js";
import type { SmokeContext } from "../../smoke/context.js";
import { runSmoke } from "../../smoke/run-smoke.js";
import { bundleSource } from "./bundle-source.js";
import { openRunBundle } from "./clusters.js";
import type { Context } from "./command.js";
import { groupNodes, listNodes } from "./nodes.js";
import { milliseconds, type Project } from "./project.js";
import { replayRules } from "./replay-rules.js";
import { clockOf } from "./targets.js";

/** Makes checks against green: under production's names, at green's addresses. */
export async function checkGreen(
  project: Project,
  run: RunFolder,
  green: { record: GreenRecord; kube: KubeReader },
  planHash: string,
  checks: readonly SmokeCheckConfig[],
  context: Context,
): Promise<SmokeReport> {
  const { config } = project;
  const clock = clockOf(context);
  const smokeContext: SmokeContext = {
    addresses: green.record.addresses,
    nodes: groupNodes(await listNodes(green.kube)),
    green: green.kube,
    timeoutMs: milliseconds(config.smoke.timeout),
    clock,
    signal: context.edges.signal,
    parity: async () => {
      const { resources } = await green.kube.discover();
      const { clusterId } = await green.kube.info();
      const released = releasedKeys(await readJournal(run.journalPath), clusterId);
      const source = bundleSource(await openRunBundle(project, run));
      const { prepared } = await planReplay(source, await replayRules(project, run, released), resources);
      return parity(prepared.departures, green.kube, {
        at: new Date(clock.now()).toISOString(),
        ledger: LedgerFile.read(run),
        signal: context.edges.signal,
      });
    },
  };
  // Of the live cluster, not of the record: evidence must be about the green that answers.
  const { clusterId, version } = await green.kube.info();
  return runSmoke(checks, { planHash, green: { clusterId, version } }, smokeContext);
}
