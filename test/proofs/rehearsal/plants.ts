import { type JsonObject, type KubeObject, refKey, refOf } from "../../../src/model/objects.js";

/**
 * Objects that a new cluster refuses, each for a reason of its own. `lived` ones stand on a real blue: it took them, and what
 * they need was changed or taken away later. `written` ones come from an export that somebody edited by hand.
 */
export interface Plants {
  /** What blue takes at first, in this order. */
  before: KubeObject[];
  /** What is then changed on blue, whole. */
  after: KubeObject[];
  /** What is then deleted from blue. */
  gone: KubeObject[];
  /** What the export holds beside blue's own objects. */
  written: KubeObject[];
  /** `refKey` of each that must be refused -> why, in the words that an API server has for it. */
  refused: Map<string, RegExp>;
}

const namespace = "refusals";
const group = "refusals.example";

/** Fields of custom resources that a later schema forbids: what stands, the new schema, and the server's words. */
const outgrown: [name: string, value: JsonObject, schema: JsonObject, words: RegExp][] = [
  ["required", { other: 1 }, { type: "integer" }, /Required value/],
  ["type", { field: "text" }, { type: "integer" }, /must be of type integer/],
  ["enum", { field: "blue" }, { type: "string", enum: ["green"] }, /Unsupported value/],
  ["pattern", { field: "Upper" }, { type: "string", pattern: "^[a-z]+$" }, /should match/],
  ["maximum", { field: 11 }, { type: "integer", maximum: 10 }, /less than or equal to 10/],
  ["minimum", { field: 1 }, { type: "integer", minimum: 10 }, /greater than or equal to 10/],
  ["length", { field: "too long" }, { type: "string", maxLength: 3 }, /may not be (more|longer) than 3/],
  ["few-items", { field: [] }, { type: "array", minItems: 1, items: { type: "integer" } }, /at least 1 item/],
  ["many-items", { field: [1, 2] }, { type: "array", maxItems: 1, items: { type: "integer" } }, /at most 1 item/],
  ["multiple", { field: 7 }, { type: "integer", multipleOf: 2 }, /multiple of 2/],
  ["date", { field: "yesterday" }, { type: "string", format: "date-time" }, /must be of type date-time/],
  [
    "set",
    { field: ["a", "a"] },
    { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
    /Duplicate value/,
  ],
];

/** Pods that blue's admission let in, and green's wouldn't: what they need is gone, or what they may is less. */
const pods: [name: string, spec: JsonObject, words: RegExp][] = [
  ["without-account", { serviceAccountName: "gone" }, /serviceaccount "gone" not found/],
  ["without-priority", { priorityClassName: "refusals-gone" }, /no PriorityClass with name refusals-gone/],
  ["without-runtime", { runtimeClassName: "refusals-gone" }, /RuntimeClass "refusals-gone" not found/],
];

export function plants(): Plants {
  const result: Plants = { before: [], after: [], gone: [], written: [], refused: new Map() };
  result.before.push(object("v1", "Namespace", "", namespace));
  outgrow(result);
  losePods(result);
  tighten(result);
  write(result);
  return result;
}

function outgrow({ before, after, refused }: Plants): void {
  for (const [name, value, schema, words] of outgrown) {
    const kind = `Outgrown${name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}`;
    const field =
      name === "required" ? { properties: { field: schema }, required: ["field"] } : { properties: { field: schema } };
    before.push(definition(kind, { "x-kubernetes-preserve-unknown-fields": true }));
    before.push({ ...object(`${group}/v1`, kind, namespace, name), spec: value });
    after.push(definition(kind, { ...field, "x-kubernetes-preserve-unknown-fields": true }));
    refused.set(`${kind}.${group} ${namespace}/${name}`, words);
  }
}

function losePods({ before, gone, refused }: Plants): void {
  const needs = [
    object("v1", "ServiceAccount", namespace, "gone"),
    { ...object("scheduling.k8s.io/v1", "PriorityClass", "", "refusals-gone"), value: 10 },
    { ...object("node.k8s.io/v1", "RuntimeClass", "", "refusals-gone"), handler: "kata" },
  ];
  before.push(...needs);
  for (const [name, spec, words] of pods) {
    before.push(pod(name, namespace, spec));
    refused.set(`Pod ${namespace}/${name}`, words);
  }
  gone.push(...needs);
}

/** Namespaces whose rules came after what lives there. */
function tighten({ before, after, refused }: Plants): void {
  const strict = object("v1", "Namespace", "", "refusals-strict");
  const limited = object("v1", "Namespace", "", "refusals-limited");
  before.push(strict, limited, pod("privileged", "refusals-strict", { hostNetwork: true }));
  before.push(pod("large", "refusals-limited", {}, { limits: { cpu: "2", memory: "1Gi" } }));
  before.push({
    ...object("v1", "PersistentVolumeClaim", "refusals-limited", "wide"),
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "100Gi" } } },
  });
  const labels = { "pod-security.kubernetes.io/enforce": "baseline" };
  after.push({ ...strict, metadata: { ...strict.metadata, labels } });
  after.push({
    ...object("v1", "LimitRange", "refusals-limited", "limits"),
    spec: {
      limits: [
        { type: "Container", max: { cpu: "1" } },
        { type: "PersistentVolumeClaim", max: { storage: "1Gi" } },
      ],
    },
  });
  refused.set("Pod refusals-strict/privileged", /violates PodSecurity "baseline:latest": host namespaces/);
  refused.set("Pod refusals-limited/large", /maximum cpu usage per Container is 1/);
  refused.set("PersistentVolumeClaim refusals-limited/wide", /maximum storage usage per PersistentVolumeClaim is 1Gi/);
}

function write({ written, refused }: Plants): void {
  const template = { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "a", image: "acme/a:1" }] } };
  const wrong: [KubeObject, RegExp][] = [
    [object("v1", "ConfigMap", namespace, "Not_A_Name"), /Invalid value: "Not_A_Name"/],
    [object("v1", "ConfigMap", "refusals-nowhere", "homeless"), /namespaces "refusals-nowhere" not found/],
    [{ ...object("v1", "ConfigMap", namespace, "huge"), data: { a: "x".repeat(1_100_000) } }, /Too long/],
    [{ ...object("v1", "Secret", namespace, "no-certificate"), type: "kubernetes.io/tls", data: {} }, /tls\.crt/],
    [
      {
        ...object("v1", "Service", namespace, "twice"),
        spec: {
          ports: [
            { name: "a", port: 80 },
            { name: "a", port: 81 },
          ],
        },
      },
      /Duplicate value: "a"/,
    ],
    [
      {
        ...object("v1", "Service", namespace, "outside"),
        spec: { type: "NodePort", ports: [{ port: 80, nodePort: 20 }] },
      },
      /provided port is not in the valid range/,
    ],
    [
      {
        ...object("apps/v1", "Deployment", namespace, "stranger"),
        spec: { selector: { matchLabels: { app: "b" } }, template },
      },
      /`selector` does not match template `labels`/,
    ],
    [
      {
        ...object("apps/v1", "StatefulSet", namespace, "negative"),
        spec: { replicas: -1, serviceName: "a", selector: { matchLabels: { app: "a" } }, template },
      },
      /must be greater than or equal to 0/,
    ],
    [
      {
        ...object("batch/v1", "CronJob", namespace, "never"),
        spec: {
          schedule: "at noon",
          jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: "Never" } } } },
        },
      },
      /spec\.schedule: Invalid value/,
    ],
    [
      {
        ...object("autoscaling/v2", "HorizontalPodAutoscaler", namespace, "upside-down"),
        spec: {
          minReplicas: 5,
          maxReplicas: 2,
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" },
        },
      },
      /maxReplicas: Invalid value/,
    ],
    [
      {
        ...object("networking.k8s.io/v1", "NetworkPolicy", namespace, "no-range"),
        spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0" } }] }] },
      },
      /cidr: Invalid value/,
    ],
    [
      {
        ...object("networking.k8s.io/v1", "Ingress", namespace, "no-host"),
        spec: { rules: [{ host: "under_score.example" }] },
      },
      /spec\.rules\[0\]\.host: Invalid value/,
    ],
    [
      {
        ...object("rbac.authorization.k8s.io/v1", "Role", namespace, "urls"),
        rules: [{ verbs: ["get"], nonResourceURLs: ["/"] }],
      },
      /namespaced rules cannot apply to non-resource URLs/,
    ],
    [
      {
        ...object("policy/v1", "PodDisruptionBudget", namespace, "both"),
        spec: { selector: {}, minAvailable: 1, maxUnavailable: 1 },
      },
      /cannot be both set/,
    ],
    [
      { ...object("scheduling.k8s.io/v1", "PriorityClass", "", "refusals-first"), value: 2_000_000_000 },
      /maximum allowed value/,
    ],
    [
      {
        ...object("storage.k8s.io/v1", "StorageClass", "", "refusals-recycled"),
        provisioner: "acme.example/disk",
        reclaimPolicy: "Maybe",
      },
      /reclaimPolicy: Unsupported value/,
    ],
  ];
  for (const [it, words] of wrong) {
    written.push(it);
    refused.set(refKey(refOf(it)), words);
  }
}

function object(apiVersion: string, kind: string, namespace: string, name: string): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } };
}

function pod(name: string, namespace: string, spec: JsonObject, resources: JsonObject = {}): KubeObject {
  const container = { name: "a", image: "acme/a:1", resources };
  return { ...object("v1", "Pod", namespace, name), spec: { containers: [container], ...spec } };
}

function definition(kind: string, spec: JsonObject): KubeObject {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", ...spec } } } };
  return {
    ...object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", `${plural}.${group}`),
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}
