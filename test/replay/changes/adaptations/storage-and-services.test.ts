import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../src/model/objects.js";
import type { PlannedVolume } from "../../../../src/model/volumes.js";
import { strip } from "../../../../src/replay/strip.js";
import { object } from "../../objects.js";
import { adapt } from "./adapt.js";

const ids = (...[it, settings, others]: Parameters<typeof adapt>) =>
  adapt(it, settings, others).remarks.map(({ id }) => id);
const green = (version: number) => ({ greenVersion: { major: 1, minor: version } });

describe("ebs-storage-class", () => {
  const of = (rest: JsonObject) =>
    object("storage.k8s.io/v1 StorageClass gp2", { provisioner: "kubernetes.io/aws-ebs", ...rest });
  const zones = (key: string, ...values: string[]) => [{ matchLabelExpressions: [{ key, values }] }];

  it.each<[string, JsonObject, JsonObject]>([
    ["nothing", {}, {}],
    [
      "every parameter",
      { parameters: { type: "io1", iopsPerGB: "50", encrypted: "true", kmsKeyId: "arn:aws:kms:k", fsType: "xfs" } },
      {
        parameters: {
          type: "io1",
          iopsPerGB: "50",
          allowAutoIOPSPerGBIncrease: "true",
          encrypted: "true",
          kmsKeyId: "arn:aws:kms:k",
          "csi.storage.k8s.io/fstype": "xfs",
        },
      },
    ],
    [
      "a zone",
      { parameters: { type: "gp2", zone: "eu-central-1a" } },
      { parameters: { type: "gp2" }, allowedTopologies: zones("topology.ebs.csi.aws.com/zone", "eu-central-1a") },
    ],
    [
      "zones",
      { parameters: { type: "gp2", Zones: "eu-central-1a, eu-central-1b" } },
      {
        parameters: { type: "gp2" },
        allowedTopologies: zones("topology.ebs.csi.aws.com/zone", "eu-central-1a", "eu-central-1b"),
      },
    ],
    ...["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"].map(
      (key): [string, JsonObject, JsonObject] => [
        key,
        { parameters: { type: "gp3" }, allowedTopologies: zones(key, "a") },
        { parameters: { type: "gp3" }, allowedTopologies: zones("topology.ebs.csi.aws.com/zone", "a") },
      ],
    ),
  ])("maps %s as Kubernetes' own translation does", (_, rest, wanted) => {
    expect(adapt(of({ ...rest, reclaimPolicy: "Retain" })).object).toEqual(
      of({ ...wanted, reclaimPolicy: "Retain", provisioner: "ebs.csi.aws.com" }),
    );
  });

  it("leaves alone what can't be translated, and classes of others", () => {
    const twice = of({ parameters: { zone: "a" }, allowedTopologies: zones("topology.kubernetes.io/zone", "b") });
    expect(adapt(twice)).toMatchObject({ object: twice, remarks: [{ id: "storage-zones-twice" }] });
    expect(adapt(of({ provisioner: "ebs.csi.aws.com", parameters: { fsType: "xfs" } })).by).toEqual([]);
    expect(ids(of({ provisioner: "kubernetes.io/glusterfs" }))).toEqual(["volume-plugin-gone"]);
    expect(adapt(of({ parameters: { fsType: "xfs" } }), green(22)).by).toEqual([]);
  });

  it("says that EKS has a gp2 of its own in the way", () => {
    const typed = of({ parameters: { type: "gp2" } });
    expect(ids(typed, { greenKind: "eks" })).toEqual(["storage-needs-ebs-driver", "storage-class-of-eks"]);
    const other = { ...typed, metadata: { name: "fast" } };
    expect(ids(other, { greenKind: "eks" })).toEqual(["storage-needs-ebs-driver"]);
  });

  it("says what new volumes would be where no type is named", () => {
    expect(ids(of({}))).toEqual(["storage-needs-ebs-driver", "storage-type-default"]);
    expect(ids(of({ parameters: { type: "gp2" } }))).toEqual(["storage-needs-ebs-driver"]);
  });
});

describe("zones of other classes and of volumes", () => {
  it("are called what nodes call them now", () => {
    const old = [{ key: "failure-domain.beta.kubernetes.io/zone", operator: "In", values: ["a"] }];
    const now = [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["a"] }];
    const volume = (matchExpressions: unknown) =>
      object("v1 PersistentVolume v", {
        spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } } },
      });
    const storage = (matchLabelExpressions: unknown) =>
      object("storage.k8s.io/v1 StorageClass c", {
        provisioner: "acme",
        allowedTopologies: [{ matchLabelExpressions }],
      });
    expect(adapt(volume(old)).object).toEqual(volume(now));
    expect(adapt(storage(old)).object).toEqual(storage(now));
    const runtime = (nodeSelector: JsonObject) =>
      object("node.k8s.io/v1 RuntimeClass r", { handler: "kata", scheduling: { nodeSelector } });
    expect(adapt(runtime({ "beta.kubernetes.io/arch": "amd64" })).object).toEqual(
      runtime({ "kubernetes.io/arch": "amd64" }),
    );
  });
});

describe("claim-class", () => {
  const annotations = { "volume.beta.kubernetes.io/storage-class": "fast" };
  it("says the class by the field too, in claims, volumes and claim templates", () => {
    const claim = (spec: JsonObject) => object("v1 PersistentVolumeClaim shop/c", { spec }, { annotations });
    expect(adapt(claim({})).object).toEqual(claim({ storageClassName: "fast" }));
    expect(adapt(claim({ storageClassName: "slow" })).by).toEqual([]);
    const set = (spec: JsonObject) =>
      object("apps/v1 StatefulSet shop/s", { spec: { volumeClaimTemplates: [{ metadata: { annotations }, spec }] } });
    expect(adapt(set({})).object).toEqual(set({ storageClassName: "fast" }));
  });
});

describe("claim-volumes", () => {
  const ref = { group: "", kind: "PersistentVolumeClaim", namespace: "shop", name: "c" };
  const planned = (strategy: PlannedVolume["strategy"]): { volumes: PlannedVolume[] } => ({
    volumes: [{ claim: ref, strategy, rule: "r", reason: "it is so", volume: "pv-1", users: [] }],
  });
  const claim = (spec: JsonObject, annotations?: Record<string, string>) =>
    object("v1 PersistentVolumeClaim shop/c", { spec }, annotations && { annotations });
  const named = { "clustershift.dev/volume": "pv-1" };

  it.each(["copy", "hand-over", "shared"] as const)(
    "lets the claim of a %s wait for its volume by name",
    (strategy) => {
      const { object: adapted } = adapt(claim({ volumeName: "blues" }, { team: "data" }), planned(strategy));
      expect(adapted).toEqual(claim({ volumeName: "pv-1" }, { team: "data", ...named }));
      expect(strip(adapted).spec).toEqual({ volumeName: "pv-1" });
    },
  );

  it("leaves all others to get new ones, also those that waited in an earlier run", () => {
    expect(adapt(claim({ volumeName: "blues" }), planned("fresh")).by).toEqual([]);
    const again = adapt(claim({ volumeName: "pv-1" }, named), planned("fresh")).object;
    expect(strip(again).spec).toEqual({});
    expect(again.metadata.annotations).toEqual({});
  });
});

describe("ingress-class", () => {
  const ingress = (
    spec: JsonObject,
    annotations: Record<string, string> = { "kubernetes.io/ingress.class": "nginx" },
  ) => object("networking.k8s.io/v1 Ingress shop/i", { spec }, { annotations });
  const ingressClass = (name: string, controller = name) =>
    object(`networking.k8s.io/v1 IngressClass ${name}`, { spec: { controller } });
  const nginx = ingressClass("nginx");

  it("sets the field where the class exists, beside the annotation or in its place", () => {
    expect(adapt(ingress({}), {}, [nginx, ingressClass("alb")]).object).toEqual(ingress({ ingressClassName: "nginx" }));
    expect(adapt(ingress({}), green(27), [nginx]).object).toEqual(ingress({ ingressClassName: "nginx" }, {}));
    expect(adapt(ingress({ ingressClassName: "nginx" }), green(27)).object).toEqual(
      ingress({ ingressClassName: "nginx" }, {}),
    );
  });

  it("leaves the annotation to decide where the class is unknown, or shares its controller", () => {
    for (const [others, id] of [
      [[ingressClass("alb")], "ingress-class-unknown"],
      [[nginx, ingressClass("inner", "nginx")], "ingress-class-shared"],
    ] as const) {
      expect(adapt(ingress({}), {}, others)).toMatchObject({ object: ingress({}), remarks: [{ id }] });
    }
  });

  it("takes the field off where the two differ, which no server takes", () => {
    const { object: changed, remarks } = adapt(ingress({ ingressClassName: "alb" }), {}, [nginx]);
    expect(changed).toEqual(ingress({}));
    expect(remarks.map(({ id }) => id)).toEqual(["ingress-class-twice"]);
  });

  it("has nothing to do without the annotation", () => {
    expect(adapt(ingress({ ingressClassName: "nginx" }, {})).by).toEqual([]);
  });
});

describe("cron-time-zone", () => {
  const cron = (schedule: string, rest: JsonObject = {}) =>
    object("batch/v1 CronJob shop/c", { spec: { schedule, ...rest } });

  it.each([
    ["TZ=Europe/Berlin 0 3 * * *", "0 3 * * *", "Europe/Berlin"],
    ["CRON_TZ=UTC  @daily", "@daily", "UTC"],
    ["TZ=Etc/GMT+1 0 3 * * *", "0 3 * * *", "Etc/GMT+1"],
  ])("makes a field of the zone in %s", (schedule, rest, timeZone) => {
    expect(adapt(cron(schedule))).toEqual({ object: cron(rest, { timeZone }), remarks: [], by: ["cron-time-zone"] });
    expect(adapt(cron(schedule, { timeZone })).object).toEqual(cron(rest, { timeZone }));
  });

  it.each(["TZ=Local 0 3 * * *", "0 3 * * * TZ=UTC", "TZ= 0 3 * * *", "TZ=../etc/x 0 3 * * *"])(
    "leaves %s to a person",
    (schedule) => {
      expect(adapt(cron(schedule))).toMatchObject({
        object: cron(schedule),
        remarks: [{ id: "cron-time-zone-unclear" }],
      });
    },
  );

  it("doesn't decide between two zones, and doesn't use a field that green hasn't", () => {
    expect(ids(cron("TZ=UTC 0 3 * * *", { timeZone: "Europe/Berlin" }))).toEqual(["cron-time-zone-unclear"]);
    expect(adapt(cron("TZ=UTC 0 3 * * *"), green(24)).by).toEqual([]);
    expect(adapt(cron("0 3 * * *")).by).toEqual([]);
  });
});

describe("service-fields", () => {
  const service = (spec: JsonObject, annotations: Record<string, string> = {}) =>
    object("v1 Service shop/s", { spec }, { annotations });
  const tolerate = { "service.alpha.kubernetes.io/tolerate-unready-endpoints": "true" };

  it("carries over what the annotation said, and takes off what nobody reads", () => {
    expect(adapt(service({ publishNotReadyAddresses: false }, tolerate)).object).toEqual(
      service({ publishNotReadyAddresses: true }, tolerate),
    );
    const { object: changed, remarks } = adapt(service({ topologyKeys: ["kubernetes.io/hostname", "*"] }));
    expect(changed).toEqual(service({}));
    expect(remarks.map(({ id }) => id)).toEqual(["service-topology-gone"]);
    expect(adapt(service({})).by).toEqual([]);
  });
});

describe("load-balancers", () => {
  const service = (annotations: Record<string, string>, spec: JsonObject = {}) =>
    object("v1 Service shop/s", { spec }, { annotations });
  it.each([
    [{ "service.beta.kubernetes.io/aws-load-balancer-name": "web" }, {}, "load-balancer-name"],
    [{ "service.beta.kubernetes.io/aws-load-balancer-eip-allocations": "eipalloc-1" }, {}, "load-balancer-address"],
    [{ "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": "arn" }, {}, "load-balancer-certificate"],
    [{ "service.beta.kubernetes.io/aws-load-balancer-subnets": "subnet-1" }, {}, "load-balancer-place"],
    [{}, { loadBalancerIP: "192.0.2.1" }, "load-balancer-address"],
    [{}, { externalIPs: ["192.0.2.1"] }, "service-external-ips"],
  ])("points out %j %j", (annotations: Record<string, string>, spec, id) => {
    expect(ids(service(annotations, spec))).toEqual([id]);
  });

  it("says nothing of what two clusters can both have", () => {
    expect(ids(service({ "service.beta.kubernetes.io/aws-load-balancer-type": "nlb" }))).toEqual([]);
    const ingress = object(
      "networking.k8s.io/v1 Ingress shop/i",
      {},
      {
        annotations: { "alb.ingress.kubernetes.io/group.name": "g", "alb.ingress.kubernetes.io/scheme": "internal" },
      },
    );
    expect(ids(ingress)).toEqual(["load-balancer-name"]);
  });
});
