import { isObject } from "../../src/model/json.js";
import type { Migrated } from "../../src/model/migration.js";
import type { JsonObject, KubeObject } from "../../src/model/objects.js";

/**
 * PodSecurityPolicy has no successor of its kind. Pod Security Admission, by labels on namespaces, is the nearest; but it
 * only allows or refuses, where a policy could also change pods, and it knows three levels, where policies were free.
 * So it takes a person: what we can say is what this policy allows or sets that the levels treat differently.
 */
export function dropPodSecurityPolicy(object: KubeObject): Migrated {
  const spec = isObject(object.spec) ? object.spec : {};
  return {
    result: "drop",
    reason: "PodSecurityPolicy was removed in 1.25 without a successor; Pod Security Admission is the nearest",
    remarks: [
      { id: "psp-no-successor", severity: "warning", why: why(spec), whatToDo: whatToDo(object.metadata.name) },
    ],
  };
}

function why(spec: JsonObject): string {
  const allowed = list(loosened(spec));
  const changed = list(mutated(spec));
  return [
    "Green enforces no PodSecurityPolicy.",
    allowed ? `This one allows ${allowed}, which takes the level privileged.` : "",
    changed ? `It also sets ${changed} in pods, which Pod Security Admission never does.` : "",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function whatToDo(name: string): string {
  return (
    `Decide for each namespace whose service accounts may use ${name} which level its pods need (privileged, baseline or ` +
    "restricted), and label it pod-security.kubernetes.io/enforce; begin with the labels warn and audit. Values that the " +
    "policy set by itself belong in the pods' own specs. The roles that grant its use can go."
  );
}

/** What the policy allows that the level baseline refuses. Ranges and profiles it restricts further are not judged. */
function loosened(spec: JsonObject): string[] {
  const flags = {
    privileged: "privileged containers",
    hostNetwork: "the host's network",
    hostPID: "the host's processes",
    hostIPC: "the host's IPC",
  };
  const found = Object.entries(flags).flatMap(([field, name]) => (spec[field] === true ? [name] : []));
  const volumes = Array.isArray(spec.volumes) ? spec.volumes : [];
  if (volumes.includes("*") || volumes.includes("hostPath")) found.push("hostPath volumes");
  if (Array.isArray(spec.hostPorts) && spec.hostPorts.length > 0) found.push("host ports");
  if (Array.isArray(spec.allowedCapabilities) && spec.allowedCapabilities.includes("*")) found.push("every capability");
  return found;
}

/** What the policy writes into pods that leave it open. */
function mutated(spec: JsonObject): string[] {
  const found: string[] = [];
  for (const field of ["defaultAddCapabilities", "requiredDropCapabilities"]) {
    const capabilities = spec[field];
    if (Array.isArray(capabilities) && capabilities.length > 0) found.push(`${field} (${capabilities.join(", ")})`);
  }
  for (const field of ["runAsUser", "runAsGroup", "fsGroup", "supplementalGroups", "seLinux"]) {
    const strategy = spec[field];
    if (isObject(strategy) && strategy.rule === "MustRunAs") found.push(field);
  }
  if (spec.defaultAllowPrivilegeEscalation === false) found.push("allowPrivilegeEscalation");
  if (spec.readOnlyRootFilesystem === true) found.push("readOnlyRootFilesystem");
  return found;
}

function list(items: string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
