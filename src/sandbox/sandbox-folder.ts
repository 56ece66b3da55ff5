import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../model/errors.js";
import type { ZoneSubnet } from "./aws/instances.js";
import type { ElasticIp } from "./aws/seed.js";
import type { KubernetesVersion } from "./binaries/versions.js";

/** What a running sandbox is: `sandbox.json` in its folder. */
export interface SandboxRecord {
  format: 1;
  name: string;
  createdAt: string;
  region: string;
  /** Hosted zone, with its last dot. */
  zone: string;
  /** The whole name of the first cluster, as kops has it: `blue.acme.example`. */
  cluster: string;
  /** The first cluster's. */
  blueVersion: KubernetesVersion;
  /** Loopback addresses that are this sandbox's own: of the edge of each colour, and of the name server. */
  addresses: { blue: string; green: string; dns: string };
  ports: { http: number; https: number; syslog: number; dns: number; aws: number; moto: number };
  /** What was made in the emulator; there once blue stands. */
  aws?: { hostedZoneId: string; vpcId: string; subnets: ZoneSubnet[]; elasticIps: ElasticIp[] };
}

/** Where everything of one sandbox lies: removing it removes the sandbox. */
export class SandboxFolder {
  readonly dir: string;
  readonly name: string;

  /** Throws UserError `usage` for a name that could lead out of the folder of sandboxes: `down` removes what it names. */
  constructor(env: NodeJS.ProcessEnv, name: string) {
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
      throw new UserError({
        code: "usage",
        what: `"${name}" can't name a sandbox.`,
        fix: "Take lower-case letters, digits and dashes, at most 63, for example: --name team-a",
      });
    }
    this.name = name;
    this.dir = join(sandboxesDir(env), name);
  }

  path(...parts: string[]): string {
    return join(this.dir, ...parts);
  }

  /** Processes of the sandbox itself; each control plane keeps its own. */
  get processes(): string {
    return this.path("processes");
  }

  /** One file for each cluster that has an edge; the daemon follows them. */
  get clusters(): string {
    return this.path("clusters");
  }

  get kubeconfig(): string {
    return this.path("kubeconfig.yaml");
  }

  /** Throws UserError `usage` for a name that could lead elsewhere: removing a cluster removes its folder. */
  controlPlane(cluster: string): string {
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(cluster)) {
      throw new UserError({
        code: "usage",
        what: `"${cluster}" can't name a cluster.`,
        fix: "Take lower-case letters, digits, dots and dashes; `clustershift sandbox status` lists those that are there.",
      });
    }
    return this.path("control-planes", cluster);
  }

  async read(): Promise<SandboxRecord | undefined> {
    try {
      return JSON.parse(await readFile(this.path("sandbox.json"), "utf8")) as SandboxRecord;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  async require(): Promise<SandboxRecord & Required<Pick<SandboxRecord, "aws">>> {
    const record = await this.read();
    if (record?.aws) return { ...record, aws: record.aws };
    throw new UserError({
      code: "state-invalid",
      what: record ? `Sandbox "${this.name}" was never started whole.` : `There is no sandbox "${this.name}".`,
      fix: record
        ? `clustershift sandbox down --name ${this.name} && clustershift sandbox up --name ${this.name}`
        : `clustershift sandbox up --name ${this.name}`,
    });
  }

  async write(record: SandboxRecord): Promise<void> {
    await writeWhole(this.path("sandbox.json"), record);
  }
}

/** Readers see the old content or the new one. */
export async function writeWhole(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.tmp`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}

/** Under the user's state directory, so that every sandbox is found from wherever `down` is run. */
export function sandboxesDir(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "clustershift", "sandboxes");
}

export async function listSandboxes(env: NodeJS.ProcessEnv): Promise<string[]> {
  return (await readdir(sandboxesDir(env)).catch(() => [])).sort();
}
