import { contradictions } from "./cluster-contradictions.js";
import { type ClusterSettings, clusterSchema } from "./cluster-schema.js";
import { parseSettings } from "./parse-settings.js";

export type { AddOnName, ClusterSettings } from "./cluster-schema.js";
export type { ControllerName } from "./identity-settings.js";

const settingsSchema = clusterSchema.superRefine((settings, context) => {
  for (const [path, message] of contradictions(settings)) context.addIssue({ code: "custom", path, message });
});

/** @throws UserError `config-invalid`, naming every wrong key. */
export function parseClusterSettings(raw: unknown): ClusterSettings {
  return parseSettings(settingsSchema, raw, "clustershift:cluster");
}
