import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { messageOf } from "../src/model/errors.js";
import { ensurePythonTool } from "../src/sandbox/binaries/python-tool.js";
import { runCommand } from "../src/sandbox/binaries/run-command.js";
import { toolVersions } from "../src/sandbox/binaries/versions.js";

/** The peer of a change of records. */
export interface Octodns {
  /** `octoDNS 1.22.0 with octodns-route53 1.3.1` */
  version: string;
  /** Only starts, does nothing and ends. */
  start(): Promise<unknown>;
  /** Makes the zone's A records those of `values`, by name without the zone. @throws Error in its own last words */
  sync(zone: string, values: ReadonlyMap<string, string>): Promise<unknown>;
}

/** octoDNS with its Route 53 provider, which takes `endpoint` for AWS; or why it can't be measured. */
export async function findOctodns(endpoint: string, folder: string): Promise<Octodns | { missing: string }> {
  const { octodns, "octodns-route53": route53 } = toolVersions;
  const program = await ensurePythonTool({
    name: "octodns",
    packages: { octodns, "octodns-route53": route53 },
    program: "octodns-sync",
  }).catch((error: unknown) => ({ missing: `octoDNS was not measured: ${messageOf(error)}` }));
  if (typeof program !== "string") return program;
  const env = { ...process.env, AWS_ENDPOINT_URL: endpoint, AWS_DEFAULT_REGION: "eu-central-1" };
  const zones = join(folder, "octodns");
  const configFile = join(folder, "octodns.yaml");
  return {
    version: `octoDNS ${octodns} with octodns-route53 ${route53}`,
    start: () => runCommand(program, ["--version"], { env }),
    async sync(zone, values) {
      const records = [...values].map(([name, value]) => [name, { type: "A", ttl: 0, value }] as const);
      await mkdir(zones, { recursive: true });
      await writeFile(join(zones, `${zone}yaml`), stringify(Object.fromEntries(records)));
      await writeFile(configFile, stringify(configOf(zone, zones)));
      // It refuses to change more than a third of a zone unless it is told to.
      await runCommand(program, ["--config-file", configFile, "--doit", "--force"], { env });
    },
  };
}

function configOf(zone: string, directory: string): object {
  return {
    providers: {
      config: { class: "octodns.provider.yaml.YamlProvider", directory, enforce_order: false },
      route53: { class: "octodns_route53.Route53Provider", access_key_id: "bench", secret_access_key: "bench" },
    },
    zones: { [zone]: { sources: ["config"], targets: ["route53"] } },
  };
}
