import { isObject } from "../../src/model/json.js";
import type { Migrated, Remark } from "../../src/model/migration.js";
import type { JsonObject, KubeObject } from "../../src/model/objects.js";
import { atVersion, isAbsent } from "./json.js";
import { pinned } from "./workload.js";

/** What v1beta1 assumed where v1 assumes otherwise, or asks. */
const OLD_DEFAULTS = {
  failurePolicy: "Ignore",
  matchPolicy: "Exact",
  timeoutSeconds: 30,
  sideEffects: "Unknown",
};

/** A webhook configuration of admissionregistration.k8s.io/v1beta1 as v1, with the old defaults pinned. */
export function migrateWebhooks(object: KubeObject): Migrated {
  const migrated = atVersion(object, "admissionregistration.k8s.io/v1");
  if (Array.isArray(migrated.webhooks)) migrated.webhooks = migrated.webhooks.map(pinWebhook);
  return settleWebhooks(migrated);
}

function pinWebhook(webhook: unknown): unknown {
  if (!isObject(webhook)) return webhook;
  const { admissionReviewVersions: versions, ...rest } = webhook;
  const reviewed = Array.isArray(versions) && versions.length > 0 ? versions : ["v1beta1"];
  return pinned({ ...rest, admissionReviewVersions: reviewed }, OLD_DEFAULTS);
}

/**
 * A configuration in v1 with what v1 shows, but no longer takes: side effects that aren't declared harmless, and a name
 * that two webhooks share. Such a one comes from a server on which it was written as v1beta1.
 */
export function settleWebhooks(object: KubeObject): { result: "objects"; objects: KubeObject[]; remarks?: Remark[] } {
  if (!Array.isArray(object.webhooks)) return { result: "objects", objects: [object] };
  const undeclared: string[] = [];
  const renamed: string[] = [];
  const taken = new Set<unknown>();
  const webhooks = object.webhooks.map((webhook: unknown) => {
    if (!isObject(webhook)) return webhook;
    const settled = { ...webhook };
    if (webhook.sideEffects === "Unknown" || webhook.sideEffects === "Some") {
      settled.sideEffects = "NoneOnDryRun";
      undeclared.push(`${webhook.name} (${webhook.sideEffects})`);
    }
    settled.name = freeName(webhook, taken);
    if (settled.name !== webhook.name) renamed.push(`${webhook.name} became ${settled.name}`);
    taken.add(settled.name);
    // What has no name gets none.
    if (isAbsent(settled.name)) delete settled.name;
    return settled;
  });
  const remarks = [
    ...(undeclared.length > 0 ? [sideEffectsAssumed(undeclared)] : []),
    ...(renamed.length > 0 ? [namesMadeUnique(renamed)] : []),
  ];
  return { result: "objects", objects: [{ ...object, webhooks }], ...(remarks.length > 0 && { remarks }) };
}

/** `pods.acme.example`, or `pods-2.acme.example` where that is taken. */
function freeName({ name }: JsonObject, taken: ReadonlySet<unknown>): unknown {
  if (typeof name !== "string" || !taken.has(name)) return name;
  const [first = "", ...rest] = name.split(".");
  for (let number = 2; ; number++) {
    const suffix = `-${number}`;
    const candidate = [`${first.slice(0, 63 - suffix.length)}${suffix}`, ...rest].join(".");
    if (!taken.has(candidate)) return candidate;
  }
}

function sideEffectsAssumed(webhooks: string[]): Remark {
  return {
    id: "webhook-side-effects-assumed",
    severity: "warning",
    why:
      `v1 takes no webhook whose side effects are unknown, so NoneOnDryRun is written for ${webhooks.join(", ")}. Blue ` +
      "refused dry runs of what they look at; green sends them such requests, marked dryRun.",
    whatToDo:
      "Make sure that they change nothing outside the cluster for a request with dryRun: true, and declare sideEffects in " +
      "their manifest or chart.",
  };
}

function namesMadeUnique(renamed: string[]): Remark {
  return {
    id: "webhook-names-made-unique",
    severity: "note",
    why: `Names of webhooks must be unique in v1: ${renamed.join(", ")}.`,
    whatToDo: "Give them different names in their manifest or chart.",
  };
}
