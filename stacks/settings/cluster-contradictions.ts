import { partitionOf } from "../../src/model/partition.js";
import { isPrivate, rangeOf } from "../ranges.js";
import { admissionKey } from "./admission-settings.js";
import type { ClusterSettings } from "./cluster-schema.js";
import { repeated } from "./common.js";
import { isPerZone } from "./group-settings.js";

/** A key, and what is wrong with it. */
type Contradiction = [path: (string | number)[], message: string];

/** What each key by itself allows, and all together don't. */
export function contradictions(settings: ClusterSettings): Contradiction[] {
  return [
    identity,
    endpoint,
    services,
    access,
    groups,
    capacity,
    admissions,
    syslog,
    addOns,
    identities,
    inCluster,
  ].flatMap((check) => check(settings));
}

/** A name that is copied from the cluster before would lie for as long as the cluster lives. */
function identity({ name, version }: ClusterSettings): Contradiction[] {
  const said = /(?:^|-)1-(\d{2})(?:-|$)/.exec(name)?.[1];
  if (said === undefined || `1.${said}` === version) return [];
  return [[["name"], `says 1.${said}, and version is ${version}`]];
}

function endpoint({ endpoint }: ClusterSettings): Contradiction[] {
  const at = ["endpoint", "publicCidrs"];
  const ranges = endpoint.publicCidrs;
  if (!endpoint.public) return ranges.length > 0 ? [[at, "has no effect while endpoint.public is false"]] : [];
  if (ranges.length === 0) return [[at, "a public endpoint needs the ranges that may reach it"]];
  return ranges.flatMap((range, index): Contradiction[] => {
    if (rangeOf(range).prefix === 0) return [[[...at, index], "is everyone: name the ranges that may reach it"]];
    return isPrivate(range) ? [[[...at, index], "is a private range, which EKS refuses here"]] : [];
  });
}

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
function services({ serviceCidr }: ClusterSettings): Contradiction[] {
  if (serviceCidr === undefined) return [];
  const { prefix } = rangeOf(serviceCidr);
  const taken = isPrivate(serviceCidr) && !serviceCidr.startsWith("100.");
  if (!taken) return [[["serviceCidr"], "EKS takes ranges in 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 only"]];
  return prefix < 12 || prefix > 24 ? [[["serviceCidr"], "EKS takes /12 to /24"]] : [];
}

function access({ access, region }: ClusterSettings): Contradiction[] {
  const found: Contradiction[] = [];
  const admins = access.filter(({ policy, namespaces }) => policy === "cluster-admin" && !namespaces);
  if (access.length > 0 && admins.length === 0)
    found.push([["access"], "nobody is cluster-admin of the whole cluster: no one could mend it"]);
  access.forEach((entry, index) => {
    if (entry.policy === "cluster-admin" && entry.namespaces !== undefined) {
      found.push([["access", index, "namespaces"], "cluster-admin is of the whole cluster: use admin for namespaces"]);
    }
    const partition = entry.principalArn.split(":")[1];
    if (partition !== partitionOf(region)) {
      found.push([["access", index, "principalArn"], `is of partition ${partition}, and ${region} isn't in it`]);
    }
  });
  const names = repeated(access.map(({ name }) => name));
  const twice = names.length > 0 ? names : repeated(access.map(({ principalArn }) => principalArn));
  for (const again of twice) found.push([["access"], `${again} is there twice`]);
  return found;
}

function groups({ groups, region }: ClusterSettings): Contradiction[] {
  const names = groups.map(({ name }) => name);
  const found = repeated(names).map((again): Contradiction => [["groups"], `${again} is there twice`]);
  groups.forEach(({ name, zones = [] }, index) => {
    zones.forEach((zone, at) => {
      if (!zone.startsWith(region)) found.push([["groups", index, "zones", at], `${zone} is not in region ${region}`]);
    });
    const whole = groups.find((other) => isPerZone(other) && name.startsWith(`${other.name}-${region}`));
    if (whole) found.push([["groups", index, "name"], `is what group ${whole.name} is called in a zone`]);
  });
  return found;
}

/** DNS and the controllers of add-ons tolerate no taint: without a place for them the cluster never gets ready. */
function capacity({ groups }: ClusterSettings): Contradiction[] {
  if (groups.length === 0) return [];
  const open = groups.filter(({ taints }) => taints.every(({ effect }) => effect === "PreferNoSchedule"));
  if (open.length === 0) {
    return [[["groups"], "every group has a taint that keeps pods off: coredns would have nowhere to run"]];
  }
  const started = open.some(({ min, desired }) => (desired ?? min) > 0);
  return started ? [] : [[["groups"], "no group without taints starts with a node: coredns would have nowhere to run"]];
}

function admissions({ admittedBy, nodeSecurityGroupIds }: ClusterSettings): Contradiction[] {
  return [
    ...repeated(admittedBy.map(admissionKey)).map(
      (again): Contradiction => [["admittedBy"], `${again} is there twice`],
    ),
    ...repeated(nodeSecurityGroupIds).map(
      (again): Contradiction => [["nodeSecurityGroupIds"], `${again} is there twice`],
    ),
  ];
}

function syslog({ syslog, groups }: ClusterSettings): Contradiction[] {
  if (syslog === undefined) return [];
  const group = groups.find(({ name }) => name === syslog.group);
  const found = repeated(syslog.allowFrom).map(
    (again): Contradiction => [["syslog", "allowFrom"], `${again} is there twice`],
  );
  if (group === undefined) return [...found, [["syslog", "group"], `there is no group ${syslog.group}`]];
  if (group.subnets === "public") return found;
  const message = `group ${group.name} must have subnets: public, or its Elastic IPs can't be reached`;
  return [...found, [["syslog", "group"], message]];
}

/** Of the add-ons' versions kube-proxy's alone is Kubernetes's own; EKS has it for each minor. */
function addOns({ addOns, version }: ClusterSettings): Contradiction[] {
  const chosen = addOns["kube-proxy"];
  if (chosen === "default" || chosen.startsWith(`v${version}.`)) return [];
  return [[["addOns", "kube-proxy"], `${chosen} is of another minor version than the cluster's ${version}`]];
}

/** EKS has one association a service account. */
function identities({ controllers, identities }: ClusterSettings): Contradiction[] {
  const found = repeated(identities.map(({ name }) => name)).map(
    (again): Contradiction => [["identities"], `${again} is there twice`],
  );
  const key = (of: { namespace: string; serviceAccount: string }) => `${of.namespace}/${of.serviceAccount}`;
  const taken = new Set(Object.values(controllers).map((account) => account && key(account)));
  identities.forEach((identity, index) => {
    if (taken.has(key(identity))) {
      found.push([["identities", index, "serviceAccount"], `${key(identity)} has a role already`]);
    }
    taken.add(key(identity));
  });
  return found;
}

function inCluster({ velero, controllers, namespaces }: ClusterSettings): Contradiction[] {
  if (velero === undefined) return [];
  if (controllers.velero === undefined)
    return [[["velero"], "needs controllers.velero: without a role it could do nothing"]];
  const { namespace } = controllers.velero;
  return namespace in namespaces ? [[["namespaces", namespace], "is made for Velero already"]] : [];
}
