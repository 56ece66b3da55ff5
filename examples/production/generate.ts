import { gzipSync } from "node:zlib";
import type { JsonObject, KubeObject, OwnerReference } from "../../src/model/objects.js";

/**
 * What would be dull or too large to write by hand: the teams' namespaces, backups of databases, Helm's release Secrets,
 * large and binary ConfigMaps. Pure: the same objects each time, in the order in which they can be applied.
 */
export function generated(): KubeObject[] {
  return [
    ...teams.flatMap(teamObjects),
    ...databases.flatMap(backupsOf),
    ...releases.flatMap(releaseSecrets),
    largeText(),
    largeBinary(),
    manyKeys(),
  ];
}

/** [name, display name, cost centre]; a name is the namespace's and an account's, a display name may be in any script. */
const teams = [
  ["zurich", "Zürich – Rechnungswesen", "4100"],
  ["lodz", "Łódź – Fulfilment", "4200"],
  ["tokyo", "東京 – 検索", "4300"],
  ["athens", "Αθήνα – Support", "4400"],
  ["tbilisi", "თბილისი – Daten", "4500"],
  ["growth", "Growth 🚀", "4600"],
] as const;

type Team = (typeof teams)[number];

function teamObjects([team, displayName, costCentre]: Team): KubeObject[] {
  const namespace = `team-${team}`;
  const app = `${team}-tool`;
  const tenant: OwnerReference = {
    apiVersion: "platform.acme.example/v1",
    kind: "Tenant",
    name: team,
    uid: "",
    controller: true,
    blockOwnerDeletion: true,
  };
  const owned = { namespace, ownerReferences: [tenant] };
  return [
    {
      apiVersion: "platform.acme.example/v1",
      kind: "Tenant",
      metadata: { name: team, finalizers: ["platform.acme.example/tenant-cleanup"] },
      spec: { displayName, costCentre, contacts: [`${team}@acme.example`] },
      status: { phase: "Active", observedGeneration: 1 },
    },
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: namespace,
        labels: { "acme.example/tenant": team, "pod-security.kubernetes.io/enforce": "baseline" },
        annotations: { "acme.example/display-name": displayName },
      },
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: team, namespace } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "members", ...owned },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" },
      subjects: [
        { kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: `oidc:${team}` },
        { kind: "ServiceAccount", name: team, namespace },
      ],
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "same-namespace", ...owned },
      spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: app, namespace },
      spec: { selector: { app }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: app, namespace, labels: { app } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app } },
        template: {
          metadata: { labels: { app } },
          spec: {
            serviceAccountName: team,
            containers: [
              {
                name: "tool",
                image: `registry.acme.example/teams/${team}:1.0.0`,
                ports: [{ name: "http", containerPort: 8080 }],
                resources: { requests: { cpu: "20m", memory: "64Mi" } },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "tenant", ...owned },
      spec: { hard: { pods: "50", "requests.cpu": "16", "requests.memory": "64Gi", "services.loadbalancers": "0" } },
    },
  ];
}

/** [namespace, name] of the Databases in 80-acme-resources.yaml; each owns two backups. */
const databases = [
  ["shop", "catalog"],
  ["shop", "sessions"],
  ["payments", "ledger"],
  ["payments", "tokens"],
  ["api", "keys"],
] as const;

function backupsOf([namespace, database]: (typeof databases)[number]): KubeObject[] {
  const owner: OwnerReference = {
    apiVersion: "platform.acme.example/v1",
    kind: "Database",
    name: database,
    uid: "",
    controller: true,
  };
  return ["2026-11-20", "2026-11-21"].map((day, index) => ({
    apiVersion: "platform.acme.example/v1",
    kind: "DatabaseBackup",
    metadata: {
      name: `${database}-${day}`,
      namespace,
      ownerReferences: [owner],
      finalizers: ["platform.acme.example/object-store"],
    },
    spec: { database, takenAt: `${day}T01:10:00Z`, location: `s3://acme-backups/${namespace}/${database}/${day}` },
    status: { phase: "Completed", bytes: 7_340_032_000 + index },
  }));
}

/** Charts of two releases each; what the manifest holds is what Helm would compare an upgrade with. */
const releases = [
  {
    name: "shop",
    namespace: "shop",
    // Removed in 1.25: an upgrade by Helm fails on these until the release is rewritten.
    manifest: [
      "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata:\n  name: newsletter\n",
      "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: web\n",
      "apiVersion: autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: web\n",
    ],
  },
  {
    name: "ingress-nginx",
    namespace: "ingress-nginx",
    manifest: [
      "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata:\n  name: acme-privileged\n",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ingress-nginx-controller\n",
    ],
  },
  {
    name: "prometheus",
    namespace: "monitoring",
    manifest: ["apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: prometheus\n"],
  },
] as const;

function releaseSecrets({ name, namespace, manifest }: (typeof releases)[number]): KubeObject[] {
  return [1, 2].map((version) => {
    const status = version === 2 ? "deployed" : "superseded";
    const release = {
      name,
      namespace,
      version,
      info: { first_deployed: "2022-03-01T09:00:00Z", last_deployed: `2026-0${version}-15T09:00:00Z`, status },
      chart: { metadata: { apiVersion: "v2", name, version: `4.${version}.0` }, templates: [], values: {} },
      config: { replicas: version + 1 },
      manifest: manifest.map((document) => `---\n${document}`).join(""),
      hooks: [],
    };
    return {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: `sh.helm.release.v1.${name}.v${version}`,
        namespace,
        labels: { owner: "helm", name, status, version: String(version) },
      },
      type: "helm.sh/release.v1",
      data: { release: base64(Buffer.from(helmPayload(release))) },
    };
  });
}

/** Helm's own encoding: base64 of gzip of JSON (the API's base64 of Secret data comes on top of it). */
function helmPayload(release: JsonObject): string {
  const packed = gzipSync(JSON.stringify(release));
  packed[9] = 255; // the gzip header's operating system: "unknown", so that every machine writes the same bytes
  return base64(packed);
}

/** 800 KB of text in one key: too large for kubectl's last-applied annotation, within etcd's limit. */
function largeText(): KubeObject {
  const line = (number: number): string =>
    `${String(number).padStart(6, "0")};Straße der Einheit ${number % 97};Köln\n`;
  let text = "";
  for (let number = 0; text.length < 780 * 1024; number++) text += line(number);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "postal-codes", namespace: "shop" },
    data: { "codes.csv": text },
  };
}

/** Half a megabyte in which every byte value occurs, beside text. */
function largeBinary(): KubeObject {
  const bytes = pseudoRandomBytes(512 * 1024);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "geoip", namespace: "payments" },
    data: { VERSION: "2026-11\n" },
    binaryData: {
      "geoip.mmdb": base64(bytes),
      "all-bytes": base64(Uint8Array.from({ length: 256 }, (_, byte) => byte)),
    },
  };
}

/** A thousand small keys. */
function manyKeys(): KubeObject {
  const keys = Array.from({ length: 1000 }, (_, index) => [`translation.${index}.txt`, `Übersetzung №${index}`]);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "translations", namespace: "shop" },
    data: Object.fromEntries(keys),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** A fixed linear congruential sequence: incompressible enough, and the same on each run. */
function pseudoRandomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
