import type { Finding } from "../../model/finding.js";
import { at, isObject, listAt } from "../../model/json.js";
import { type KubeObject, kindKey, refOf } from "../../model/objects.js";
import type { Assessor } from "../assessment.js";
import { corefileChanges } from "./corefile.js";

/** How one add-on's settings on blue differ from what its makers ship. */
interface AddOn {
  name: string;
  /** `Kind.group name` in kube-system; a name may end with `*`. */
  objects: readonly string[];
  /** Each thing that somebody set, in a few words. */
  changes(object: KubeObject): string[];
}

/**
 * What green brings itself, and people set on blue. It isn't copied, since green's own version and addresses differ: a
 * person carries it over. Register a new one here.
 */
const addOns: readonly AddOn[] = [
  { name: "CoreDNS", objects: ["ConfigMap coredns"], changes: ({ data }) => corefileChanges(text(data, "Corefile")) },
  { name: "CoreDNS on the nodes", objects: ["ConfigMap node-local-dns"], changes: stubDomainsOfNodes },
  {
    name: "kube-dns",
    objects: ["ConfigMap kube-dns"],
    changes: ({ data }) =>
      ["stubDomains", "upstreamNameservers", "federations"]
        .filter((key) => text(data, key) !== "")
        .map((key) => `${key} ${text(data, key)}`),
  },
  {
    name: "kube-proxy",
    objects: ["ConfigMap kube-proxy", "ConfigMap kube-proxy-config", "DaemonSet.apps kube-proxy", "Pod kube-proxy*"],
    changes: proxyChanges,
  },
  { name: "the AWS VPC CNI", objects: ["DaemonSet.apps aws-node"], changes: awsNodeChanges },
  {
    name: "the AWS VPC CNI",
    objects: ["ConfigMap amazon-vpc-cni"],
    changes: ({ data }) => settings(data, awsDefaults),
  },
  { name: "Calico", objects: ["ConfigMap calico-config"], changes: ({ data }) => settings(data, calicoDefaults) },
  { name: "Cilium", objects: ["ConfigMap cilium-config"], changes: ciliumChanges },
];

export const addOnSettings: Assessor = ({ objects }) => {
  const found = objects.flatMap((object) => {
    if (object.metadata.namespace !== "kube-system") return [];
    const addOn = addOns.find(({ objects: names }) => names.some((name) => isNamed(object, name)));
    const changes = addOn?.changes(object) ?? [];
    return addOn && changes.length > 0 ? [{ addOn, object, changes }] : [];
  });
  // Each node has its own kube-proxy, all with the same settings.
  const seen = new Set<string>();
  return found.flatMap(({ addOn, object, changes }): Finding[] => {
    const said = `${addOn.name} ${changes.join("; ")}`;
    if (seen.has(said)) return [];
    seen.add(said);
    return [
      {
        id: "add-on-settings",
        severity: "warning",
        object: refOf(object),
        why: `Blue's ${addOn.name} has settings beyond those that it ships with: ${changes.join("; ")}.`,
        whatToDo: "Green brings its own: set there what is still needed, before smoke.",
      },
    ];
  });
};

function isNamed(object: KubeObject, name: string): boolean {
  const [kind, pattern = ""] = name.split(" ");
  const { name: own } = object.metadata;
  return (
    kindKey(refOf(object)) === kind && (pattern.endsWith("*") ? own.startsWith(pattern.slice(0, -1)) : own === pattern)
  );
}

/** `mode: ipvs` in its configuration, or `--proxy-mode=ipvs` where kops runs it as a static pod. */
function proxyChanges({ data, spec }: KubeObject): string[] {
  const command = JSON.stringify(spec ?? {});
  const configuration = text(data, "config.conf") || text(data, "config");
  const mode = /^\s*mode:\s*"?(\w+)"?\s*$/m.exec(configuration)?.[1] ?? /--proxy-mode=(\w+)/.exec(command)?.[1];
  const excluded = /^\s*excludeCIDRs:\s*\[?\s*([^\s\]].*)$/m.exec(configuration)?.[1];
  return [
    ...(mode !== undefined && mode !== "iptables" ? [`mode ${mode}`] : []),
    ...(excluded !== undefined && excluded !== "null" ? [`excludeCIDRs ${excluded}`] : []),
  ];
}

/** Source: https://github.com/aws/amazon-vpc-cni-k8s, its shipped manifest. What only tells a version is left out. */
const awsDefaults: Record<string, string> = {
  ADDITIONAL_ENI_TAGS: "{}",
  ANNOTATE_POD_IP: "false",
  AWS_VPC_CNI_NODE_PORT_SUPPORT: "true",
  AWS_VPC_ENI_MTU: "9001",
  AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER: "false",
  AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: "false",
  AWS_VPC_K8S_CNI_EXTERNALSNAT: "false",
  AWS_VPC_K8S_CNI_LOGLEVEL: "DEBUG",
  AWS_VPC_K8S_CNI_LOG_FILE: "/host/var/log/aws-routed-eni/ipamd.log",
  AWS_VPC_K8S_CNI_RANDOMIZESNAT: "prng",
  AWS_VPC_K8S_CNI_VETHPREFIX: "eni",
  AWS_VPC_K8S_PLUGIN_LOG_FILE: "/var/log/aws-routed-eni/plugin.log",
  AWS_VPC_K8S_PLUGIN_LOG_LEVEL: "DEBUG",
  CLUSTER_ENDPOINT: "*",
  CLUSTER_NAME: "*",
  DISABLE_INTROSPECTION: "false",
  DISABLE_METRICS: "false",
  DISABLE_NETWORK_RESOURCE_PROVISIONING: "false",
  ENABLE_IMDS_ONLY_MODE: "false",
  ENABLE_IPv4: "true",
  ENABLE_IPv6: "false",
  ENABLE_MULTI_NIC: "false",
  ENABLE_POD_ENI: "false",
  ENABLE_PREFIX_DELEGATION: "false",
  ENABLE_SUBNET_DISCOVERY: "true",
  MY_NODE_NAME: "*",
  MY_POD_NAME: "*",
  NETWORK_POLICY_ENFORCING_MODE: "standard",
  VPC_CNI_VERSION: "*",
  VPC_ID: "*",
  WARM_ENI_TARGET: "1",
  WARM_PREFIX_TARGET: "1",
  "enable-network-policy-controller": "false",
  "enable-windows-ipam": "false",
  "enable-windows-prefix-delegation": "false",
  "minimum-ip-target": "3",
  "warm-ip-target": "1",
  "warm-prefix-target": "0",
  "branch-eni-cooldown": "60",
};

function awsNodeChanges({ spec }: KubeObject): string[] {
  const containers = listAt(spec, "template", "spec", "containers");
  const environment: Record<string, unknown> = {};
  for (const container of containers.filter((each) => at(each, "name") === "aws-node")) {
    for (const variable of listAt(container, "env")) {
      const name = at(variable, "name");
      if (typeof name === "string") environment[name] = at(variable, "value");
    }
  }
  return settings(environment, awsDefaults);
}

const calicoDefaults: Record<string, string> = {
  calico_backend: "bird",
  cni_network_config: "*",
  etcd_ca: "",
  etcd_cert: "",
  etcd_endpoints: "*",
  etcd_key: "",
  typha_service_name: "none",
  veth_mtu: "0",
};

/** Cilium writes all of its many settings down; these decide how pods reach each other and the outside. */
const ciliumDefaults: Record<string, string> = {
  "cluster-id": "0",
  "cluster-name": "default",
  "enable-bgp": "false",
  "enable-bgp-control-plane": "false",
  "enable-encryption": "false",
  "enable-ipsec": "false",
  "enable-ipv4-egress-gateway": "false",
  "enable-ipv6": "false",
  "enable-policy": "default",
  "enable-wireguard": "false",
  mtu: "0",
  "routing-mode": "tunnel",
  tunnel: "vxlan",
  "tunnel-protocol": "vxlan",
};

function ciliumChanges({ data }: KubeObject): string[] {
  const known = Object.keys(ciliumDefaults).map((key) => [key, text(data, key)]);
  return settings(Object.fromEntries(known.filter(([, value]) => value !== "")), ciliumDefaults);
}

function stubDomainsOfNodes({ data }: KubeObject): string[] {
  const own = /^(cluster\.local|in-addr\.arpa|ip6\.arpa|\.)$/;
  return corefileChanges(text(data, "Corefile"), {
    isOwnZone: (zone) => own.test(zone),
    plugins: ["bind", "template", "denial"],
  });
}

/** Settings that have another value than the default; `*` stands for any. */
function settings(found: unknown, defaults: Record<string, string>): string[] {
  if (!isObject(found)) return [];
  return Object.entries(found)
    .filter(([key, value]) => typeof value === "string" && defaults[key] !== "*" && value !== (defaults[key] ?? ""))
    .map(([key, value]) => `${key}=${String(value)}`);
}

function text(holder: unknown, field: string): string {
  const value = at(holder, field);
  return typeof value === "string" ? value.trim() : "";
}
