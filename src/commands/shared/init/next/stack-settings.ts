import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import type { Config } from "../../../../config/schema.js";
import type { StackFile } from "../stack-files.js";
import type { Pair } from "./pair.js";
import type { Revision } from "./revision.js";

const settingsPath = ["green", "stack", "settings"] as const;

/**
 * The settings of an EKS green: those of the old one, but for what only one cluster can have.
 *
 * @param folder where the foundation's `Pulumi.<stack>.yaml` lies
 */
export async function reviseSettings(revision: Revision, config: Config, pair: Pair, folder: string): Promise<void> {
  const { stack } = config.green;
  if (stack.kind !== "eks") return;
  const { settings } = stack;
  for (const key of ["name", "version"] as const) {
    if (settings[key] !== undefined) revision.set([...settingsPath, key], pair.green[key]);
  }
  await reviseAddresses(revision, settings, pair, folder);
  reviseAddOns(revision, settings, pair);
  const after = ["admittedBy", "nodeSecurityGroupIds", "identities"].filter((key) => settings[key] !== undefined);
  if (after.length > 0)
    revision.account.found.push(
      `${after.map((key) => `green.stack.settings.${key}`).join(", ")}: drawn after ${pair.gone.name}. plan says what lets ${pair.blue.name} in and ${pair.green.name} lacks.`,
    );
}

/** An address of the foundation on which blue answers can't be green's, too: clusters that follow each other take turns. */
async function reviseAddresses(
  revision: Revision,
  { addresses, foundation }: Record<string, unknown>,
  { blue, green }: Pair,
  folder: string,
): Promise<void> {
  const { account } = revision;
  const used = Object.entries((addresses ?? {}) as Record<string, unknown>).map(([own, name]) => [own, String(name)]);
  const known = await addressesOf(foundation, folder);
  for (const [own = "", reserved = ""] of used) {
    const stem = reserved.replace(/-\d+$/, "");
    const taken = used.map(([, name]) => name);
    const isFree = (name: string): boolean => !taken.includes(name);
    const turns = [stem, ...Array.from({ length: 9 }, (_, index) => `${stem}-${index + 2}`)].filter(isFree);
    const next = turns.find((name) => known?.includes(name)) ?? turns[0] ?? `${stem}-next`;
    revision.set([...settingsPath, "addresses", own], next);
    account.chosen.push(`${green.name} answers on ${next} (${own}): ${blue.name} is on ${reserved}.`);
    if (known?.includes(next)) continue;
    account.unknown.push(
      `Whether the foundation has the Elastic IP ${next}: add it to clustershift:foundation.addresses and bring that stack up, or name another one in green.stack.settings.addresses.${own}.`,
    );
  }
}

/** Names of the foundation's Elastic IPs: of outputs that are written out, or of the stack's settings; undefined where neither is here. */
async function addressesOf(foundation: unknown, folder: string): Promise<string[] | undefined> {
  if (typeof foundation !== "string") {
    const { addresses } = (foundation ?? {}) as { addresses?: object };
    return addresses && Object.keys(addresses);
  }
  const file = join(folder, `Pulumi.${foundation.split("/").at(-1)}.yaml`);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { config } = (parse(text) ?? {}) as { config?: Record<string, { addresses?: string[] }> };
  return config?.["clustershift:foundation"]?.addresses ?? [];
}

/** What was pinned was pinned for another version. */
function reviseAddOns({ account }: Revision, { addOns }: Record<string, unknown>, { blue, green }: Pair): void {
  if (blue.version === green.version) return;
  const pinned = Object.entries((addOns ?? {}) as Record<string, unknown>).filter(
    ([, version]) => version !== "default",
  );
  for (const [name, version] of pinned)
    account.unknown.push(
      `Whether Kubernetes ${green.version} takes ${name} ${String(version)}: green.stack.settings.addOns pins it.`,
    );
}

/**
 * `Pulumi.<green>.yaml` after the old green's, for those who use plain `pulumi` beside; undefined where that isn't beside clustershift.yaml.
 *
 * @throws UserError `config-invalid` where these settings are none that the stack takes
 */
export async function nextStackFile(
  settings: Record<string, unknown>,
  { blue, green }: Pair,
  folder: string,
): Promise<StackFile | undefined> {
  const text = await readFile(join(folder, `Pulumi.${blue.stack}.yaml`), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { parseClusterSettings } = await import("../../../../../stacks/settings/cluster-settings.js");
  const cluster = { name: green.name, version: green.version, ...settings };
  parseClusterSettings(cluster);
  const document = parseDocument(text);
  document.setIn(["config", "clustershift:cluster"], document.createNode(cluster));
  // Each stack's secrets have a salt of their own.
  document.delete("encryptionsalt");
  return { name: `Pulumi.${green.name}.yaml`, text: document.toString({ lineWidth: 0 }) };
}
