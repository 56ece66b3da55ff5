import { readFile } from "node:fs/promises";
import { parseAllDocuments } from "yaml";
import type { ComparedGroups } from "./groups.js";

interface Cluster {
  subnets: { name: string; zone: string; type: string; id?: string }[];
}

interface InstanceGroup {
  role: string;
  minSize: number;
  maxSize: number;
  subnets?: string[];
  nodeLabels?: Record<string, string>;
  taints?: string[];
}

/** What a specification of kops says, read for itself: groups of nodes, and zone by subnet id. */
export async function specified(file: string): Promise<{ groups: ComparedGroups; zones: Record<string, string> }> {
  const documents = parseAllDocuments(await readFile(file, "utf8")).map((document) => document.toJS());
  const { subnets } = documents.find(({ kind }) => kind === "Cluster").spec as Cluster;
  const groups: ComparedGroups = {};
  for (const { kind, metadata, spec } of documents) {
    const { role, minSize, maxSize, subnets: own, nodeLabels = {}, taints = [] } = spec as InstanceGroup;
    if (kind !== "InstanceGroup" || role !== "Node") continue;
    const placed = subnets.filter(({ name, type }) => (own ? own.includes(name) : type !== "Utility"));
    groups[metadata.name] = {
      zones: [...new Set(placed.map(({ zone }) => zone))].sort(),
      min: minSize,
      max: maxSize,
      labels: { ...nodeLabels, "kops.k8s.io/instancegroup": metadata.name },
      taints: taints.map((taint) => taint.replace("=:", ":")).sort(),
    };
  }
  return { groups, zones: Object.fromEntries(subnets.flatMap(({ id, zone }) => (id ? [[id, zone]] : []))) };
}
