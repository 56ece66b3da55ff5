import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { FacesQuestion } from "../../../aws/faces/open-faces.js";

type GreenQuestion = FacesQuestion["green"];
type Network = GreenQuestion["network"];

/** The service accounts to which each cluster stack gives a role by its add-ons. */
const ofAddOns = [
  { namespace: "kube-system", serviceAccount: "aws-node" },
  { namespace: "kube-system", serviceAccount: "ebs-csi-controller-sa" },
];

/**
 * Green as its stack's settings say it: what it is given, and where it will stand.
 *
 * @param folder where the foundation's `Pulumi.<stack>.yaml` lies
 * @throws UserError `config-invalid` naming each of these settings that is wrong
 */
export async function greenOf(name: string, settings: Record<string, unknown>, folder: string): Promise<GreenQuestion> {
  const [{ clusterSchema }, { parseSettings }] = await Promise.all([
    import("../../../../stacks/settings/cluster-schema.js"),
    import("../../../../stacks/settings/parse-settings.js"),
  ]);
  const own = { admittedBy: true, nodeSecurityGroupIds: true, identities: true, controllers: true } as const;
  const given = Object.fromEntries(Object.keys(own).flatMap((key) => (key in settings ? [[key, settings[key]]] : [])));
  const { admittedBy, nodeSecurityGroupIds, identities, controllers } = parseSettings(
    clusterSchema.pick(own),
    given,
    "green.stack.settings",
  );
  const accounts = [...identities, ...Object.values(controllers).flatMap((account) => account ?? []), ...ofAddOns];
  return {
    name,
    admittedBy: admittedBy.map(({ ports, ...rule }) => ({ ...rule, ...(ports && { ports }) })),
    joins: nodeSecurityGroupIds,
    identities: accounts.map(({ namespace, serviceAccount }) => ({ namespace, serviceAccount })),
    ...(await placeOf(settings.foundation, folder)),
  };
}

/** Outputs that are written out, or the settings of the stack that is named. */
async function placeOf(foundation: unknown, folder: string): Promise<Pick<GreenQuestion, "network" | "egressIps">> {
  if (typeof foundation !== "string") {
    const { foundationOutputsSchema } = await import("../../../../stacks/outputs.js");
    const outputs = foundationOutputsSchema.safeParse(foundation).data;
    if (!outputs) return { network: { kind: "unknown" } };
    const { vpcId, privateSubnets, publicSubnets, egressIps } = outputs;
    const ids = (subnets: typeof privateSubnets) => subnets.map(({ id }) => id);
    const network = {
      kind: "found",
      vpcId,
      privateSubnetIds: ids(privateSubnets),
      publicSubnetIds: ids(publicSubnets),
    };
    return { network: await networkOf(network), egressIps };
  }
  const file = join(folder, `Pulumi.${foundation.split("/").at(-1)}.yaml`);
  const text = await readFile(file, "utf8").catch(() => undefined);
  const config = text === undefined ? undefined : (parse(text) as { config?: Record<string, unknown> } | null)?.config;
  const settings = config?.["clustershift:foundation"] as { network?: unknown } | undefined;
  return { network: await networkOf(settings?.network) };
}

/** Settings of a foundation's network, as what AWS is asked; unknown where they are none. */
export async function networkOf(settings: unknown): Promise<Network> {
  const [{ networkSchema }, { networkQuery }] = await Promise.all([
    import("../../../../stacks/settings/network-settings.js"),
    import("../../../../stacks/foundation/network-query.js"),
  ]);
  const network = networkSchema.safeParse(settings).data;
  if (!network) return { kind: "unknown" };
  if (network.kind === "new") return { kind: "new", range: network.cidr };
  const { vpc, privateSubnets, publicSubnets } = networkQuery(network);
  const asked = ({ filters }: typeof vpc) => filters.map(({ name, values }) => ({ Name: name, Values: values }));
  return {
    kind: "found",
    vpc: asked(vpc),
    privateSubnets: asked(privateSubnets),
    publicSubnets: publicSubnets && asked(publicSubnets),
  };
}
