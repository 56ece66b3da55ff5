import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { generated } from "../../examples/production/generate.js";
import { loadProduction } from "../../examples/production/load.js";
import { groupOf, type KubeObject, kindKey, refKey, refOf } from "../../src/model/objects.js";

const objects = loadProduction();
const keys = objects.map((object) => refKey(refOf(object)));
/** The object of a key such as `Secret shop/app-tls`. */
const the = (key: string): KubeObject => {
  const object = objects[keys.indexOf(key)];
  if (!object) throw new Error(`no ${key}`);
  return object;
};
const of = (kind: string): KubeObject[] => objects.filter((object) => object.kind === kind);
const kinds = new Set(objects.map((object) => kindKey({ group: groupOf(object.apiVersion), kind: object.kind })));
const namespaces = new Set(of("Namespace").map((object) => object.metadata.name));
/** Made by the API server itself. */
const builtIn = ["default", "kube-system", "kube-public", "kube-node-lease"];

describe("the workload as a whole", () => {
  it("is as large as a company's production", () => {
    expect(objects.length).toBeGreaterThanOrEqual(380);
    expect(objects.length).toBeLessThan(500);
    expect(kinds.size).toBeGreaterThanOrEqual(40);
    expect(namespaces.size).toBeGreaterThanOrEqual(8);
    expect(generated().length).toBeLessThanOrEqual(150);
  });

  it("names each object once", () => {
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it("uses only namespaces that it makes, after it made them", () => {
    const seen = new Set(builtIn);
    for (const object of objects) {
      if (object.kind === "Namespace") seen.add(object.metadata.name);
      const { namespace } = object.metadata;
      if (namespace) expect(seen, refKey(refOf(object))).toContain(namespace);
    }
  });

  it("defines each custom resource's kind, scope and version before using it", () => {
    const served = new Map<string, string>();
    for (const object of objects) {
      if (object.kind === "CustomResourceDefinition") {
        const spec = object.spec as {
          group: string;
          scope: string;
          names: { kind: string };
          versions: { name: string }[];
        };
        for (const { name } of spec.versions) served.set(`${spec.group}/${name} ${spec.names.kind}`, spec.scope);
      } else if (isCustom(object)) {
        const scope = served.get(`${object.apiVersion} ${object.kind}`);
        expect(scope, refKey(refOf(object))).toBe(object.metadata.namespace ? "Namespaced" : "Cluster");
      }
    }
    expect(objects.filter(isCustom).length).toBeGreaterThanOrEqual(60);
  });

  it("comes out the same each time", () => {
    expect(loadProduction()).toEqual(objects);
  });
});

describe("what the workload must hold", () => {
  const required =
    `Namespace Pod Service Endpoints ConfigMap Secret ServiceAccount PersistentVolume PersistentVolumeClaim
    ResourceQuota LimitRange PodTemplate ReplicationController Deployment.apps StatefulSet.apps DaemonSet.apps
    ReplicaSet.apps CronJob.batch Job.batch HorizontalPodAutoscaler.autoscaling PodDisruptionBudget.policy
    PodSecurityPolicy.policy Ingress.networking.k8s.io IngressClass.networking.k8s.io NetworkPolicy.networking.k8s.io
    Role.rbac.authorization.k8s.io RoleBinding.rbac.authorization.k8s.io ClusterRole.rbac.authorization.k8s.io
    ClusterRoleBinding.rbac.authorization.k8s.io StorageClass.storage.k8s.io CSIDriver.storage.k8s.io
    PriorityClass.scheduling.k8s.io RuntimeClass.node.k8s.io CustomResourceDefinition.apiextensions.k8s.io
    APIService.apiregistration.k8s.io ValidatingWebhookConfiguration.admissionregistration.k8s.io
    MutatingWebhookConfiguration.admissionregistration.k8s.io FlowSchema.flowcontrol.apiserver.k8s.io
    PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io Lease.coordination.k8s.io
    EndpointSlice.discovery.k8s.io`.split(/\s+/);
  it.each(required)("%s", (kind) => expect(kinds).toContain(kind));

  it.each([
    ["CronJob", ["batch/v1", "batch/v1beta1"]],
    ["PodDisruptionBudget", ["policy/v1", "policy/v1beta1"]],
    ["HorizontalPodAutoscaler", ["autoscaling/v1", "autoscaling/v2", "autoscaling/v2beta1", "autoscaling/v2beta2"]],
    ["EndpointSlice", ["discovery.k8s.io/v1", "discovery.k8s.io/v1beta1"]],
    ["Application", ["platform.acme.example/v1", "platform.acme.example/v1beta1"]],
  ])("%s in the versions of its day", (kind, versions) => {
    expect([...new Set(of(kind).map((object) => object.apiVersion))].sort()).toEqual(versions);
  });

  it("Services of each type, headless ones and ones without a selector", () => {
    const specs = of("Service").map(
      (object) => object.spec as { type?: string; clusterIP?: string; selector?: unknown },
    );
    expect(new Set(specs.map((spec) => spec.type ?? "ClusterIP"))).toEqual(
      new Set(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
    );
    expect(specs.some((spec) => spec.clusterIP === "None")).toBe(true);
    expect(specs.some((spec) => !spec.selector && spec.type !== "ExternalName")).toBe(true);
  });

  it("Secrets of each type", () => {
    expect(new Set(of("Secret").map((object) => object.type ?? "Opaque"))).toEqual(
      new Set([
        "Opaque",
        "acme.example/sftp-users",
        "bootstrap.kubernetes.io/token",
        "helm.sh/release.v1",
        "kubernetes.io/basic-auth",
        "kubernetes.io/dockercfg",
        "kubernetes.io/dockerconfigjson",
        "kubernetes.io/service-account-token",
        "kubernetes.io/ssh-auth",
        "kubernetes.io/tls",
      ]),
    );
  });

  it("both of EBS's provisioners", () => {
    const provisioners = of("StorageClass").map((object) => object.provisioner);
    expect(provisioners).toEqual(expect.arrayContaining(["kubernetes.io/aws-ebs", "ebs.csi.aws.com"]));
  });

  it("syslog on port 514 of the syslog instances, by UDP and TCP", () => {
    const syslog = the("DaemonSet.apps logging/syslog");
    const { spec } = (syslog.spec as { template: { spec: JsonPod } }).template;
    expect(spec.nodeSelector).toEqual({ "kops.k8s.io/instancegroup": "syslog" });
    expect(spec.containers[0]?.ports?.map(({ hostPort, protocol }) => `${hostPort}/${protocol}`)).toEqual([
      "514/UDP",
      "514/TCP",
    ]);
  });

  it("ConfigMaps that are large, binary, immutable, in Unicode, and empty", () => {
    const maps = of("ConfigMap");
    const sizes = maps.map((object) => Buffer.byteLength(JSON.stringify(object)));
    expect(Math.max(...sizes)).toBeGreaterThan(800_000);
    expect(Math.max(...sizes)).toBeLessThan(1_048_576);
    expect(maps.some((object) => object.binaryData)).toBe(true);
    expect(maps.some((object) => object.immutable === true)).toBe(true);
    expect(maps.some((object) => /\p{Script=Greek}/u.test(JSON.stringify(object.data ?? {})))).toBe(true);
    expect(maps.some((object) => !object.data && !object.binaryData)).toBe(true);
  });
});

describe("what hangs together", () => {
  it("each owner is in the set, before what it owns, in reach, and its uid is left to the sandbox", () => {
    let references = 0;
    objects.forEach((object, index) => {
      for (const { apiVersion, kind, name, uid } of object.metadata.ownerReferences ?? []) {
        references++;
        expect(uid).toBe("");
        const owner = objects.findIndex(
          (candidate) =>
            candidate.kind === kind &&
            groupOf(candidate.apiVersion) === groupOf(apiVersion) &&
            candidate.metadata.name === name &&
            (candidate.metadata.namespace ?? object.metadata.namespace) === object.metadata.namespace,
        );
        expect(owner, `owner of ${keys[index]}`).toBeGreaterThanOrEqual(0);
        expect(owner, `owner of ${keys[index]}`).toBeLessThan(index);
      }
    });
    expect(references).toBeGreaterThanOrEqual(30);
  });

  it("custom resources have finalizers", () => {
    expect(objects.filter((object) => isCustom(object) && object.metadata.finalizers).length).toBeGreaterThan(10);
  });

  it("an Ingress's Services exist; its TLS Secrets exist and are marked with hosts that cover its own", () => {
    for (const ingress of of("Ingress")) {
      const { namespace } = ingress.metadata;
      for (const [, service] of JSON.stringify(ingress.spec).matchAll(/"service":\{"name":"([^"]+)"/g)) {
        expect(keys).toContain(`Service ${namespace}/${service}`);
      }
      const { tls = [] } = ingress.spec as { tls?: { hosts: string[]; secretName?: string }[] };
      for (const { hosts, secretName } of tls.filter((entry) => entry.secretName)) {
        const { annotations } = the(`Secret ${namespace}/${secretName}`).metadata;
        expect(annotations?.["sandbox.clustershift.dev/generate"]).toBe("tls");
        const covered = annotations?.["sandbox.clustershift.dev/hosts"]?.split(",");
        expect(covered).toEqual(expect.arrayContaining(hosts));
      }
    }
  });

  it.each(["app", "api", "shop", "status"])("%s.acme.example is served with TLS", (host) => {
    const specs = of("Ingress").map((object) => JSON.stringify(object.spec));
    expect(specs.some((spec) => spec.includes(`"host":"${host}.acme.example"`) && spec.includes("secretName"))).toBe(
      true,
    );
  });

  it("an Ingress names its class in the annotation, in the field, or not at all, never twice", () => {
    const ways = of("Ingress").map((object) => {
      const annotation = object.metadata.annotations?.["kubernetes.io/ingress.class"] !== undefined;
      const field = (object.spec as { ingressClassName?: string }).ingressClassName !== undefined;
      expect(annotation && field, refKey(refOf(object))).toBe(false);
      return annotation ? "annotation" : field ? "field" : "default";
    });
    expect(new Set(ways)).toEqual(new Set(["annotation", "field", "default"]));
  });

  it("what a pod mounts, pulls with and runs as exists", () => {
    for (const object of objects) {
      const { namespace } = object.metadata;
      const text = JSON.stringify(object);
      const wants = (pattern: RegExp, kind: string): void => {
        for (const [, name] of text.matchAll(pattern))
          expect(keys, refKey(refOf(object))).toContain(`${kind} ${namespace}/${name}`);
      };
      if (!/"containers":/.test(text)) continue;
      wants(/"serviceAccountName":"([^"]+)"/g, "ServiceAccount");
      wants(/"claimName":"([^"]+)"/g, "PersistentVolumeClaim");
      wants(/"secretName":"([^"]+)"/g, "Secret");
      wants(/"configMap(?:Ref|KeyRef)?":\{"name":"([^"]+)"/g, "ConfigMap");
      wants(/"secret(?:Ref|KeyRef)?":\{"name":"([^"]+)"/g, "Secret");
      wants(/"imagePullSecrets":\[\{"name":"([^"]+)"/g, "Secret");
    }
  });

  it("each claim of a StatefulSet has its volume waiting", () => {
    const claimed = of("PersistentVolume").map(
      (object) => (object.spec as { claimRef?: { namespace: string; name: string } }).claimRef,
    );
    for (const { metadata, spec } of of("StatefulSet")) {
      const { replicas, volumeClaimTemplates } = spec as { replicas: number; volumeClaimTemplates: KubeObject[] };
      for (const template of volumeClaimTemplates) {
        for (let ordinal = 0; ordinal < replicas; ordinal++) {
          const name = `${template.metadata.name}-${metadata.name}-${ordinal}`;
          expect(claimed).toContainEqual(expect.objectContaining({ namespace: metadata.namespace, name }));
        }
      }
    }
  });

  it("no webhook is called: each selects by a label that nothing carries", () => {
    const labels = new Set(objects.flatMap((object) => Object.keys(object.metadata.labels ?? {})));
    const configurations = [...of("ValidatingWebhookConfiguration"), ...of("MutatingWebhookConfiguration")];
    for (const webhook of configurations.flatMap((object) => object.webhooks as Webhook[])) {
      const selectors = [webhook.objectSelector, webhook.namespaceSelector];
      const selected = selectors.flatMap((selector) => [
        ...Object.keys(selector?.matchLabels ?? {}),
        ...(selector?.matchExpressions ?? []).map(({ key }) => key),
      ]);
      expect(selected.length, webhook.name).toBeGreaterThan(0);
      for (const key of selected) expect(labels, webhook.name).not.toContain(key);
    }
  });

  it("Helm's releases unpack, and the deployed one names removed APIs", () => {
    const { release } = the("Secret shop/sh.helm.release.v1.shop.v2").data as { release: string };
    const packed = Buffer.from(Buffer.from(release, "base64").toString(), "base64");
    const unpacked = JSON.parse(gunzipSync(packed).toString());
    expect(unpacked).toMatchObject({ name: "shop", namespace: "shop", version: 2, info: { status: "deployed" } });
    expect(unpacked.manifest).toContain("apiVersion: batch/v1beta1\nkind: CronJob");
  });
});

describe("reading", () => {
  const source = fileURLToPath(new URL("../../examples/production", import.meta.url));
  const inCopy = (file: string, text: string): (() => unknown) => {
    const folder = mkdtempSync(join(tmpdir(), "production-"));
    cpSync(source, folder, { recursive: true });
    writeFileSync(join(folder, file), text);
    return () => {
      try {
        return loadProduction(folder);
      } finally {
        rmSync(folder, { recursive: true });
      }
    };
  };

  it("reads another folder, in the order of its file names", () => {
    const read = inCopy("05-extra.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: shop}\n");
    const names = (read() as KubeObject[]).map((object) => object.metadata.name);
    expect(names).toHaveLength(objects.length + 1);
    expect(names.indexOf("extra")).toBe(12);
  });

  it.each([
    ["broken YAML", "kind: [ConfigMap\n", /05-bad\.yaml: document 1: .*line 2/s],
    ["something else than an object", "- a\n- b\n", /05-bad\.yaml: document 1: no apiVersion, kind or metadata\.name/],
    ["an empty document", "apiVersion: v1\nkind: A\nmetadata: {name: a}\n---\n---\n", /05-bad\.yaml: document 2/],
  ])("refuses %s, naming the file and the document", (_, text, message) => {
    expect(inCopy("05-bad.yaml", text)).toThrow(message);
  });
});

interface JsonPod {
  nodeSelector?: Record<string, string>;
  containers: { ports?: { hostPort?: number; protocol?: string }[] }[];
}

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string }[];
}

interface Webhook {
  name: string;
  objectSelector?: Selector;
  namespaceSelector?: Selector;
}

/** Served through a CustomResourceDefinition. */
function isCustom({ apiVersion }: KubeObject): boolean {
  const group = groupOf(apiVersion);
  return /\.example$|^cert-manager\.io$|\.coreos\.com$|\.projectcalico\.org$|^snapshot\.storage\.k8s\.io$/.test(group);
}
