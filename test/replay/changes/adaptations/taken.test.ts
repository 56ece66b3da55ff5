import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubeWriter } from "../../../../src/kube/api.js";
import { type ApiResource, apiVersionOf, type KubeObject, refKey, refOf } from "../../../../src/model/objects.js";
import { compareObjects } from "../../../../src/replay/compare.js";
import { object } from "../../objects.js";
import { open, servers, why } from "../../servers.js";
import { adapt } from "./adapt.js";
import { workloads } from "./samples.js";

const zone = "failure-domain.beta.kubernetes.io/zone";
const near = { topologyKey: zone, labelSelector: { matchLabels: { app: "web" } } };
const nodeSelectorTerms = [{ matchExpressions: [{ key: zone, operator: "In", values: ["a"] }] }];

/** A pod with everything in it that adaptations change. */
const pod = {
  nodeSelector: { "beta.kubernetes.io/os": "linux", "node-role.kubernetes.io/master": "" },
  tolerations: [{ key: "node-role.kubernetes.io/master", operator: "Exists", effect: "NoSchedule" }],
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
    podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near] },
  },
  topologySpreadConstraints: [{ ...near, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" }],
  containers: [{ name: "web", image: "k8s.gcr.io/pause:3.2" }],
};
const annotations = {
  "seccomp.security.alpha.kubernetes.io/pod": "runtime/default",
  "container.seccomp.security.alpha.kubernetes.io/web": "localhost/web.json",
};

const nginx = object("networking.k8s.io/v1 IngressClass nginx", { spec: { controller: "acme.example/nginx" } });
const ingress = (spec: object) =>
  object(
    "networking.k8s.io/v1 Ingress default/web",
    { spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } }, ...spec } },
    { annotations: { "kubernetes.io/ingress.class": "nginx" } },
  );
const beta = { annotations: { "volume.beta.kubernetes.io/storage-class": "gp2" } };
const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

/** Each as blue may have it, and whether the new server takes it without adaptation. */
const cases: [KubeObject, "taken" | "refused"][] = [
  ...Object.values(workloads(pod, annotations)).map((each): [KubeObject, "taken"] => [each, "taken"]),
  [ingress({}), "taken"],
  [ingress({ ingressClassName: "other" }), "refused"],
  [
    object("storage.k8s.io/v1 StorageClass adapted", {
      provisioner: "kubernetes.io/aws-ebs",
      parameters: { type: "io1", iopsPerGB: "50", fsType: "xfs", zones: "a,b" },
    }),
    "taken",
  ],
  [object("v1 PersistentVolumeClaim default/adapted", { spec: claim }, beta), "taken"],
  [
    object(
      "v1 PersistentVolume adapted",
      {
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOnce"],
          nfs: { server: "nfs.acme.example", path: "/" },
          nodeAffinity: { required: { nodeSelectorTerms } },
        },
      },
      beta,
    ),
    "taken",
  ],
  [
    object("batch/v1 CronJob default/adapted", {
      spec: {
        schedule: "TZ=Europe/Berlin 0 3 * * *",
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "a" }] } } },
        },
      },
    }),
    "refused",
  ],
  [
    object(
      "v1 Service default/adapted",
      { spec: { ports: [{ port: 80 }] } },
      {
        annotations: { "service.alpha.kubernetes.io/tolerate-unready-endpoints": "true" },
      },
    ),
    "taken",
  ],
];

describe.skipIf(!servers)(`what adaptations write is taken by a real API server of the new version${why}`, () => {
  let server: KubeWriter;
  let resources: ApiResource[];

  beforeAll(async () => {
    if (!servers) return;
    server = await open(servers.greenFile);
    ({ resources } = await server.discover());
  });
  afterAll(() => server?.close());

  const create = (it: KubeObject) => {
    const found = resources.find((r) => apiVersionOf(r.group, r.version) === it.apiVersion && r.kind === it.kind);
    if (!found) throw new Error(`the server doesn't serve ${it.kind}`);
    return server.create(found, it, { dryRun: true });
  };

  it.each(cases.map(([it, before]) => [refKey(refOf(it)), it, before] as const))("%s", async (_, it, before) => {
    if (before === "refused") await expect(create(it)).rejects.toMatchObject({ status: 422 });
    const { object: adapted, by } = adapt(it, {}, [nginx]);
    expect(by).not.toEqual([]);
    // What the server gives back holds all that was sent: it knows every field.
    const lost = compareObjects(adapted, await create(adapted)).filter(({ kind }) => kind !== "extra");
    expect(lost).toEqual([]);
  });
});
