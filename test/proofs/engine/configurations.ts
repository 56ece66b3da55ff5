import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { clusterProgram, foundationProgram, type StackProgram } from "../../../stacks/program.js";
import { parseClusterSettings } from "../../../stacks/settings/cluster-settings.js";
import { parseFoundationSettings } from "../../../stacks/settings/foundation-settings.js";

/** One of a cluster's settings, as its file has them. */
export interface RawCluster {
  name: string;
  version: string;
  groups: { name: string; min: number; max: number }[];
}

export const foundationStack = "prod-foundation";

/** The settings of an example: examples/stacks/Pulumi.NAME.yaml. */
async function example<Settings>(name: string, key: string): Promise<Settings> {
  const file = fileURLToPath(new URL(`../../../examples/stacks/Pulumi.${name}.yaml`, import.meta.url));
  return parse(await readFile(file, "utf8")).config[`clustershift:${key}`] as Settings;
}

/** The example's foundation: a network of its own in three zones. */
export async function exampleFoundation(): Promise<StackProgram> {
  return foundationProgram(parseFoundationSettings(await example("foundation", "foundation")));
}

/** The example's cluster in another version, with all that an example leaves out for brevity. */
export async function exampleCluster(version: string): Promise<RawCluster> {
  const raw = await example<RawCluster & { identities: object[] }>("cluster", "cluster");
  const namedByIssuer = {
    name: "reports",
    namespace: "shop",
    serviceAccount: "reports",
    by: "irsa",
    policies: { read: { Statement: { Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" } } },
  };
  const more = {
    ...raw,
    name: `prod-${version.replace(".", "-")}`,
    version,
    controllers: { velero: {}, "external-dns": {}, "load-balancer-controller": {} },
    identities: [...raw.identities, namedByIssuer],
    velero: {},
    namespaces: { shop: { enforce: "baseline", warn: "restricted" } },
  };
  return more;
}

export function programOf(raw: RawCluster): StackProgram {
  return clusterProgram(parseClusterSettings(raw));
}
