import { isRunning } from "../../src/host/process-identity.js";
import { auditedVerbs } from "../../src/sandbox/audit.js";
import { listClusters } from "../../src/sandbox/clusters.js";
import { type LoadChild, startLoadChild } from "../../src/sandbox/load/child.js";
import { SandboxFolder } from "../../src/sandbox/sandbox-folder.js";
import { sandboxStatus } from "../../src/sandbox/status.js";
import type { Stage } from "./stage.js";

export const green = "green-1-35";
const rate = { http: 60, syslog: 30 };
const settings = ["traffic.hold=1s", "soak=10s", "replay.concurrency=16", "health.every=1s"];

type SandboxRecord = Awaited<ReturnType<SandboxFolder["require"]>>;

/** Production as it was in 2019, on blue, with everything around it. */
export interface Production {
  folder: SandboxFolder;
  record: SandboxRecord;
  /** Clients of production: names by DNS, syslog to the Elastic IPs. */
  startLoad(): Promise<LoadChild>;
}

/** @param more settings of this production, as `init --set` takes them */
export async function standUp(stage: Stage, sandbox: string, more: readonly string[] = []): Promise<Production> {
  await stage.command(["sandbox", "up", "--name", sandbox]);
  const folder = new SandboxFolder(stage.env, sandbox);
  const record = await folder.require();
  const set = [...settings, ...more].flatMap((setting) => ["--set", setting]);
  const { json } = await stage.command(["init", "--sandbox", sandbox, "--green-name", green, ...set]);
  const { config } = json as unknown as { config: { smoke: { checks: { url?: string }[] } } };
  const urls = config.smoke.checks.flatMap(({ url }) => (url ? [new URL(url)] : []));
  return {
    folder,
    record,
    startLoad: () =>
      startLoadChild({
        dns: { server: record.addresses.dns, port: record.ports.dns },
        http: urls.map(({ hostname, port, pathname }) => ({ host: hostname, port: Number(port), path: pathname })),
        syslog: { addresses: record.aws.elasticIps.map(({ publicIp }) => publicIp), port: record.ports.syslog },
        rate,
      }),
  };
}

/** Pods take a moment to start once their network does; each try is a whole smoke test. */
export async function smokeUntilPassed(stage: Stage): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await stage.command(["smoke"]);
      return;
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
}

/** What clustershift's own identity did on blue, by verb. */
export async function blueAudit(folder: SandboxFolder): Promise<Record<string, number>> {
  const blue = (await listClusters(folder)).find(({ name }) => name === "blue");
  if (!blue?.auditLog) throw new Error("blue has no audit log");
  return auditedVerbs(blue.auditLog, "system:serviceaccount:clustershift:");
}

/** Takes the sandbox down, and says what is still there of it: processes of its records, and its folder. */
export async function takeDown(stage: Stage, sandbox: string): Promise<string[]> {
  const processes = (await sandboxStatus(stage.env, sandbox))?.processes ?? [];
  await stage.command(["sandbox", "down", "--name", sandbox]);
  const alive = processes.filter((each) => isRunning(each)).map(({ name, pid }) => `process ${name} (${pid})`);
  return (await sandboxStatus(stage.env, sandbox)) ? [...alive, "its folder"] : alive;
}
