import type { Config } from "../../../../config/schema.js";
import { tellMentions } from "./mentions.js";
import { reviseObjects } from "./objects.js";
import type { Pair } from "./pair.js";
import type { Revision } from "./revision.js";
import { reviseRoles } from "./roles.js";
import { reviseSettings } from "./stack-settings.js";
import { reviseTraffic } from "./traffic.js";
import { reviseWindow } from "./window.js";

const rewritten = ["apiVersion", "blue", "green"];

/** Edits a finished run's configuration into the next one's: roles change hands, and what was the old pair's alone goes. */
export async function reviseConfig(revision: Revision, config: Config, pair: Pair, folder: string): Promise<void> {
  reviseRoles(revision, config, pair);
  await reviseSettings(revision, config, pair, folder);
  reviseWindow(revision, config, pair);
  reviseObjects(revision, config, pair);
  reviseTraffic(revision, config, pair);
  tellMentions(revision, pair);
  const kept = Object.keys((revision.get([]) ?? {}) as object).filter((key) => !rewritten.includes(key));
  revision.account.found.push(`Carried over, but for what is named below: ${kept.join(", ")}.`);
}
