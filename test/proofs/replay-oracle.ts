import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrations } from "../../migrations/index.js";
import type { Proof, Report } from "../../scripts/proofs.js";
import type { KubernetesVersion } from "../../src/sandbox/binaries/versions.js";
import { startControlPlane, stopControlPlane } from "../../src/sandbox/cluster/control-plane.js";
import { hasOracle, oracleCases } from "../migrations/oracle/cases.js";
import { compareConversions, type Difference, migrationOf } from "../migrations/oracle/compare.js";
import { OracleServer } from "../migrations/oracle/server.js";

/** Random objects for each migration. */
const COUNT = 1_000;

interface Figure {
  migration: string;
  from: string;
  to: string;
  server: KubernetesVersion;
  objects: number;
  differences: number;
}

/** The API server's own conversion against each migration for which some server of the sandbox has one. */
export const proof: Proof = {
  name: "replay-oracle",
  summary:
    "1,000 random objects for each migration with an oracle: 0 differences from the API server's own conversion.",
  async run(report) {
    const seed = Number(process.env.CLUSTERSHIFT_PROOF_SEED ?? Date.now() % 2 ** 31);
    const figures: Figure[] = [];
    const differences: Difference[] = [];
    for (const server of new Set(oracleCases.map((each) => each.server))) {
      await asked(server, report, async (oracle) => {
        for (const each of oracleCases.filter((one) => one.server === server)) {
          const options = { count: COUNT, prefix: "oracle", seed, namespace: "default" };
          const found = await compareConversions(oracle, each, options);
          const { from, to } = migrationOf(each);
          figures.push({
            migration: each.migration,
            from: `${from.group} ${from.versions.join(", ")} ${from.kind}`,
            to,
            server,
            objects: found.objects,
            differences: found.differences.length,
          });
          differences.push(...found.differences.slice(0, 3));
          report(`${server} ${each.migration}: ${found.objects} objects, ${found.differences.length} differences`);
        }
      });
    }
    const withoutOracle = migrations.filter((migration) => !hasOracle(migration)).map(({ id }) => id);
    const holds =
      figures.length === oracleCases.length && figures.every((each) => each.objects >= COUNT && each.differences === 0);
    return { holds, figures: { seed, migrations: figures, withoutOracle, differences } };
  },
};

/** Starts a control plane whose controllers leave objects alone, in every version that it can serve, and stops it again. */
async function asked(
  version: KubernetesVersion,
  report: Report,
  ask: (oracle: OracleServer) => Promise<void>,
): Promise<void> {
  report(`starting a control plane of Kubernetes ${version}`);
  const dir = await mkdtemp(join(tmpdir(), "clustershift-oracle-"));
  try {
    const { kubeconfigPath } = await startControlPlane({
      name: "oracle",
      dir,
      version,
      kwok: false,
      fsync: false,
      auditPolicy: false,
      extra: {
        "kube-apiserver": { "runtime-config": "api/all=true" },
        "kube-controller-manager": { controllers: "serviceaccount" },
      },
    });
    const oracle = await OracleServer.open(kubeconfigPath);
    try {
      await ask(oracle);
    } finally {
      await oracle.close();
    }
  } finally {
    await stopControlPlane(dir);
    await rm(dir, { recursive: true, force: true });
  }
}
