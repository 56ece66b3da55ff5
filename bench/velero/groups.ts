import type { KubeObject } from "../../src/model/objects.js";
import type { Archive, Backed } from "./archive.js";

/**
 * Whose an object of blue is: `made`, by people or what they run, which is what a migration is asked for; `add-on`, in kube-system;
 * `derived`, made by Kubernetes itself from other objects; `own`, of blue's machinery; `velero`, of the tool that backed it up.
 */
export type Group = "made" | "add-on" | "derived" | "own" | "velero";

/** Who writes to objects as a part of Kubernetes, or as what plays the kubelet here. */
const components =
  /^(kube-(apiserver|controller-manager|scheduler|proxy)|kubelet|kwok|clusterrole-aggregation-controller|api-priority-and-fairness-config-.*)$/;
/** What describes a cluster's own life; Velero's default leaves most of them out as well. */
const machinery = ["Node", "Lease.coordination.k8s.io", "Event", "Event.events.k8s.io", "CSINode.storage.k8s.io"];
/** The groups of Kubernetes's own controllers. */
const builtIn = ["v1", "apps/v1", "batch/v1"];

/**
 * By what blue's API server wrote down of each object (its owners, and who wrote its fields), and by what an empty green has; by no
 * rule of any contender's.
 */
export function groupOfObject({ key, kind, ref, versions }: Backed, pristine: ReadonlySet<string>): Group {
  const [object] = versions;
  if (!object || ref.group === "velero.io" || ref.namespace === "velero" || /(^|\.)velero(\.io)?$/.test(ref.name))
    return "velero";
  if (machinery.includes(kind)) return "own";
  if (ref.namespace === "kube-system") return "add-on";
  // Whoever made it, a claim stands for data.
  if (kind === "PersistentVolumeClaim") return "made";
  if ((object.metadata.ownerReferences ?? []).some(isBuiltIn)) return "derived";
  if (madeByPeople(object)) return "made";
  return pristine.has(key) || object.metadata.name.startsWith("system:") ? "own" : "derived";
}

function isBuiltIn({ controller, apiVersion }: { controller?: boolean; apiVersion: string }): boolean {
  return controller === true && builtIn.includes(apiVersion);
}

/** An account has no field that anybody could own; Kubernetes makes one of this name in each namespace. */
function madeByPeople({ kind, metadata }: KubeObject): boolean {
  const managers = managersOf(metadata);
  if (managers.length === 0) return !(kind === "ServiceAccount" && metadata.name === "default");
  return managers.some((manager) => !components.test(manager));
}

/** Whether a field manager is a part of Kubernetes. */
export function isComponent(manager: string): boolean {
  return components.test(manager);
}

function managersOf(metadata: KubeObject["metadata"]): string[] {
  const entries = (metadata.managedFields ?? []) as { manager?: string }[];
  return [...new Set(entries.flatMap(({ manager }) => (manager === undefined ? [] : [manager])))];
}

/** What a migration is asked for, of all that a backup has. */
export function madeOf(archive: Archive, pristine: ReadonlySet<string>): Backed[] {
  return [...archive.values()].filter((backed) => groupOfObject(backed, pristine) === "made");
}
