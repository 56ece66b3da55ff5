import type { KubeWriter } from "../../../src/kube/api.js";
import type { CloudKind } from "../../../src/model/cloud.js";
import type { ApiResource, KubeObject } from "../../../src/model/objects.js";
import { type Account, openAccount, type Tags } from "./account.js";

/** Blue's name in tags; others are called nearly so. */
export const cluster = "prod";
export const blueOwner = "prod-dns";

/** Something that was planted, by the id that a sweep has for it. */
export interface Planted {
  kind: CloudKind;
  id: string;
  /** Why it survives, or what says that it's blue's. */
  because: string;
}

/** An account with what blue left, and what only looks so. */
export interface Garden {
  account: Account;
  orphans: Planted[];
  survivors: Planted[];
  /** PersistentVolumes that blue had, for its bundle. */
  blueVolumes: string[];
  /** For clustershift.yaml. */
  keep: { keep: string[]; keepTags: { tag: string; value?: string }[] };
}

const owned = { [`kubernetes.io/cluster/${cluster}`]: "owned" };
const shared = { [`kubernetes.io/cluster/${cluster}`]: "shared" };
const lookalike = { "kubernetes.io/cluster/prod-2": "owned", KubernetesCluster: "prod-2" };
const controller = { "elbv2.k8s.aws/cluster": cluster };
const both = { ...owned, "kubernetes.io/cluster/green": "shared" };

export async function plant(endpoint: string, green: Green): Promise<Garden> {
  const account = await openAccount(endpoint);
  const orphans: Planted[] = [];
  const survivors: Planted[] = [];
  const into =
    (list: Planted[]): Plant =>
    (kind, id, because) => {
      list.push({ kind, id, because });
      return id;
    };
  const [left, stays] = [into(orphans), into(survivors)];
  const zoneId = await account.zone("acme.example.");
  const greenNode = await plantGreen(account, green, stays);
  const blueVolumes = await plantOrphans(account, zoneId, left);
  const keep = await plantSurvivors(account, zoneId, greenNode, stays);
  return { account, orphans, survivors, blueVolumes, keep };
}

type Plant = (kind: CloudKind, id: string, because: string) => string;

/** Thirty, of every kind. */
async function plantOrphans(account: Account, zoneId: string, left: Plant): Promise<string[]> {
  const groups = [
    left("target-group", await account.targetGroup("k8s-shop-web", controller), "tag"),
    left("target-group", await account.targetGroup("k8s-shop-api", controller), "tag"),
    left("target-group", await account.targetGroup("k8s-shop-tcp", owned, [], "TCP"), "tag"),
    left("target-group", await account.targetGroup("k8s-alone", { "ingress.k8s.aws/cluster": cluster }), "tag"),
  ];
  const web = await account.balancer("k8s-web", controller, groups.slice(0, 2));
  left("load-balancer", web.arn, "tag, with a listener and a rule");
  left("load-balancer", (await account.balancer("k8s-net", owned, [groups[2] ?? ""], "network")).arn, "tag");
  left("load-balancer", (await account.balancer("k8s-bare", { KubernetesCluster: cluster })).arn, "tag");
  left("classic-load-balancer", (await account.classic("a0123", owned)).name, "tag");
  left("classic-load-balancer", (await account.classic("a4567", { KubernetesCluster: cluster })).name, "tag");
  const backend = left("security-group", await account.group("k8s-traffic", controller), "tag");
  const front = left("security-group", await account.group("k8s-web", controller, [backend]), "names another");
  await account.letIn(backend, front);
  const nodes = left("security-group", await account.group("nodes.prod", owned), "an orphaned interface has it");
  left("security-group", await account.group("k8s-elb-a0123", owned, [nodes]), "names another");
  left("security-group", await account.group("alone.prod", { "aws:eks:cluster-name": cluster }), "tag");
  left("security-group", await account.group("selfish.prod", { "eks:cluster-name": cluster }), "tag");
  left("network-interface", await account.netInterface({ "cluster.k8s.amazonaws.com/name": cluster }, [nodes]), "tag");
  left("network-interface", await account.netInterface(owned, [nodes]), "tag");
  left("network-interface", await account.netInterface(owned), "tag");
  left("address", (await account.address(owned)).id, "tag");
  left("address", (await account.address({ KubernetesCluster: cluster })).id, "tag");
  left("launch-template", await account.launchTemplate("eks-prod", { "eks:cluster-name": cluster }), "tag");
  left("launch-template", await account.launchTemplate("karpenter", { "karpenter.k8s.aws/cluster": cluster }), "tag");
  const volumes = [await account.volume({ "kubernetes.io/created-for/pvc/name": "data" }), await account.volume({})];
  for (const volume of volumes) left("volume", volume, "blue's PersistentVolume");
  left("volume", await account.volume(owned), "tag");
  left("volume", await account.volume({ KubernetesCluster: cluster }), "tag");
  left("snapshot", await account.snapshot(volumes[0] ?? "", { CSIVolumeSnapshotName: "nightly" }), "of blue's volume");
  left("snapshot", await account.snapshot(volumes[1] ?? "", owned), "tag");
  for (const [name, type, value] of [
    ["web", "CNAME", web.dns],
    ["old", "A", "192.0.2.77"],
  ] as const) {
    await account.record(zoneId, record(name, type, value));
    await account.record(zoneId, registry(`${type.toLowerCase()}-${name}`, blueOwner));
    left("record", `${zoneId}/${name}.acme.example./${type}`, "external-dns with blue's owner id");
  }
  return volumes;
}

/** What green uses, and says so by its own objects. */
async function plantGreen(account: Account, green: Green, stays: Plant): Promise<string> {
  const group = stays("security-group", await account.group("green-nodes", owned), "a group of green's node");
  const node = await account.instance({ Name: "green" }, [group]);
  await green.add(nodes, { kind: "Node", metadata: { name: "node" }, spec: { providerID: `aws:///z/${node}` } });
  const pv = async (name: string, id: string, source: object) => {
    const spec = { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], ...source };
    await green.add(persistentVolumes, { kind: "PersistentVolume", metadata: { name }, spec });
    stays("volume", id, `green's PersistentVolume ${name}`);
    return id;
  };
  const csi = await account.volume(owned);
  await pv("csi", csi, { csi: { driver: "ebs.csi.aws.com", volumeHandle: csi } });
  const inTree = await account.volume(owned);
  await pv("in-tree", inTree, { awsElasticBlockStore: { volumeID: `aws://eu-central-1a/${inTree}` } });
  const balancer = await account.balancer("green-adopted", controller);
  stays("load-balancer", balancer.arn, "green's Service is reached by it");
  await green.serve("web", balancer.dns);
  const classic = await account.classic("green-classic", owned);
  stays("classic-load-balancer", classic.name, "green's Service is reached by it");
  await green.serve("classic", classic.dns);
  stays("target-group", await account.targetGroup("green-targets", controller, [node]), "green's node is its target");
  const address = await account.address(owned);
  stays("address", address.id, "green's Service asks for it");
  await green.serve("syslog", "", { "service.beta.kubernetes.io/aws-load-balancer-eip-allocations": address.id });
  stays("volume", await account.volume(owned, node), "attached to green's node");
  return node;
}

/** What else isn't blue's alone, or isn't blue's at all, or somebody needs: of every kind. */
async function plantSurvivors(account: Account, zoneId: string, greenNode: string, stays: Plant) {
  for (const [label, tags] of Object.entries({ lookalike, shared, both, untagged: {} as Tags })) {
    const name = `${label}-prod`;
    stays("load-balancer", (await account.balancer(`lb-${name}`, tags)).arn, label);
    stays("classic-load-balancer", (await account.classic(`elb-${name}`, tags)).name, label);
    stays("target-group", await account.targetGroup(`tg-${name}`, tags), label);
    stays("security-group", await account.group(`group-${name}`, tags), label);
    stays("network-interface", await account.netInterface(tags), label);
    stays("address", (await account.address(tags)).id, label);
    stays("volume", await account.volume(tags), label);
    stays("launch-template", await account.launchTemplate(`lt-${name}`, tags), label);
    stays("snapshot", await account.snapshot(await account.volume({}), tags), label);
  }
  const named = stays("volume", await account.volume(owned), "blue.teardown.keep names it");
  stays("volume", await account.volume({ ...owned, team: "data" }), "blue.teardown.keepTags names its tag");
  const foundation = { ...owned, "clustershift:foundation": "acme" };
  stays("address", (await account.address(foundation)).id, "of the foundation");
  stays("snapshot", await account.snapshot(named, { ...owned, "velero.io/backup": "daily" }), "a backup");
  stays("snapshot", await account.image("golden", greenNode, owned), "an image's disk");
  const database = stays(
    "security-group",
    await account.group("named-by-rds", owned),
    "a foreign group's rule names it",
  );
  stays("security-group", await account.group("rds", {}, [database]), "foreign");
  const worn = stays("security-group", await account.group("worn", owned), "a foreign interface has it");
  stays("network-interface", await account.netInterface({}, [worn]), "foreign");
  const busy = stays("network-interface", await account.netInterface({}), "foreign");
  stays("address", (await account.address(owned, busy)).id, "associated with a foreign interface");
  const serving = await account.balancer("named-by-record", controller);
  stays("load-balancer", serving.arn, "a record that serves leads to it");
  await account.record(zoneId, record("app", "CNAME", serving.dns));
  stays("record", `${zoneId}/app.acme.example./CNAME`, "nobody's registry");
  for (const [name, owner] of [
    ["theirs", "prod-dns-2"],
    ["greens", "green-dns"],
  ] as const) {
    await account.record(zoneId, record(name, "A", "192.0.2.88"));
    await account.record(zoneId, registry(`a-${name}`, owner));
    stays("record", `${zoneId}/${name}.acme.example./A`, `owner id ${owner}`);
  }
  const foreign = await account.balancer("elsewhere", {});
  stays("load-balancer", foreign.arn, "untagged");
  await account.record(zoneId, record("moved", "CNAME", foreign.dns));
  await account.record(zoneId, registry("cname-moved", blueOwner));
  stays("record", `${zoneId}/moved.acme.example./CNAME`, "leads to what isn't blue's");
  return { keep: [named], keepTags: [{ tag: "team", value: "data" }] };
}

const record = (name: string, Type: "A" | "CNAME", Value: string) => ({
  ...{ Name: `${name}.acme.example.`, Type, TTL: 60 },
  ResourceRecords: [{ Value }],
});

const registry = (name: string, owner: string) => ({
  ...{ Name: `${name}.acme.example.`, Type: "TXT" as const, TTL: 60 },
  ResourceRecords: [
    { Value: `"heritage=external-dns,external-dns/owner=${owner},external-dns/resource=service/shop/web"` },
  ],
});

/** Green, which says by its objects what it uses. */
export interface Green {
  add(resource: ApiResource, object: Pick<KubeObject, "kind" | "metadata"> & { spec: object }): Promise<void>;
  /** A Service of type LoadBalancer that is reached by a name. */
  serve(name: string, hostname: string, annotations?: Record<string, string>): Promise<void>;
}

const core = (kind: string, resource: string, namespaced: boolean): ApiResource => ({
  ...{ group: "", version: "v1", kind, resource, namespaced },
  ...{ verbs: ["create", "delete", "get", "list", "patch"], subresources: ["status"] },
});
const nodes = core("Node", "nodes", false);
const services = core("Service", "services", true);
export const persistentVolumes = core("PersistentVolume", "persistentvolumes", false);
/** All that green has objects of here. */
export const kinds = [nodes, services, persistentVolumes];

/** Green as a real API server has it. */
export function greenOf(kube: KubeWriter): Green {
  return {
    async add(resource, object) {
      await kube.create(resource, { apiVersion: "v1", ...object });
    },
    async serve(name, hostname, annotations = {}) {
      const [metadata, ports] = [{ name, namespace: "default", annotations }, [{ port: 80 }]];
      await this.add(services, { kind: "Service", metadata, spec: { type: "LoadBalancer", ports } });
      if (hostname === "") return;
      const status = { loadBalancer: { ingress: [{ hostname }] } };
      await kube.patch(services, name, { status }, { type: "merge", subresource: "status", namespace: "default" });
    },
  };
}
