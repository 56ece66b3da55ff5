import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../src/model/objects.js";
import type { Preflight } from "../../../src/model/preflight.js";
import type { Assessment, Assessor } from "../../../src/plan/assessment.js";
import { certificatesNamed, imageRegistries, loadBalancersMadeAgain } from "../../../src/plan/findings/made-again.js";
import {
  addOnVersions,
  eksVersion,
  permissions,
  quotas,
  subnetRoom,
  unasked,
} from "../../../src/plan/findings/preflight.js";

const silent: Preflight = { region: "eu-west-1", quotas: [], registries: [], unasked: [] };
const all = [
  quotas,
  permissions,
  subnetRoom,
  eksVersion,
  addOnVersions,
  unasked,
  loadBalancersMadeAgain,
  certificatesNamed,
  imageRegistries,
];
const found = (assessor: Assessor, preflight: Partial<Preflight>, objects: KubeObject[] = []) =>
  assessor({ preflight: { ...silent, ...preflight }, objects } as unknown as Assessment).map(
    ({ id, severity, why }) => ({ id, severity, why }),
  );
const words = (assessor: Assessor, preflight: Partial<Preflight>, objects: KubeObject[] = []) =>
  found(assessor, preflight, objects).map(({ id, severity, why }) => `${severity} ${id}: ${why}`);

const object = (kind: string, name: string, rest: object = {}, annotations = {}): KubeObject => ({
  apiVersion: kind === "Ingress" ? "networking.k8s.io/v1" : "v1",
  kind,
  metadata: { name, namespace: "shop", annotations },
  ...rest,
});
const quota = { what: "vCPUs", service: "ec2", code: "L-1", limit: 64, used: 32, adds: 32 };
const askedAt = "2026-06-01T00:00:00.000Z";
const version = (offer: NonNullable<Preflight["version"]>["offer"]): Partial<Preflight> => ({
  version: { minor: "1.35", offer, askedAt },
});
const standard = (standardUntil: string | null) =>
  version({ status: "STANDARD_SUPPORT", standardUntil, extendedUntil: null });
const addOns = (wanted: string, versions: string[]): Partial<Preflight> => ({
  addOns: { wanted: { coredns: wanted }, offers: [{ name: "coredns", versions, usual: versions[0] ?? null }] },
});
const balanced = object("Service", "web", { spec: { type: "LoadBalancer" } });
const certificate = (region: string) => ({
  "alb.ingress.kubernetes.io/certificate-arn": `arn:aws:acm:${region}:1:certificate/x, `,
});

describe("what the plan says of AWS", () => {
  it.each(all)("is nothing where green isn't EKS's", (assessor) => {
    expect(assessor({ objects: [balanced] } as unknown as Assessment)).toEqual([]);
  });

  it.each<[string, Assessor, Partial<Preflight>, KubeObject[]?]>([
    ["quotas that suffice exactly", quotas, { quotas: [quota] }],
    [
      "every permission",
      permissions,
      { permissions: { principal: "p", actions: [{ action: "a:B", on: "*", isAllowed: true }] } },
    ],
    [
      "subnets with just enough",
      subnetRoom,
      {
        subnets: {
          needed: 20,
          subnets: [
            { id: "s", zone: "a", free: 10 },
            { id: "t", zone: "b", free: 10 },
          ],
        },
      },
    ],
    ["a version with a long future", eksVersion, standard("2027-06-01T00:00:00.000Z")],
    ["a version whose end EKS doesn't say", eksVersion, standard(null)],
    ["an add-on's usual version", addOnVersions, addOns("default", ["v1"])],
    ["an add-on's chosen version that fits", addOnVersions, addOns("v2", ["v1", "v2"])],
    [
      "a certificate of the same region",
      certificatesNamed,
      {},
      [object("Ingress", "web", {}, certificate("eu-west-1"))],
    ],
    [
      "a Service within the cluster",
      loadBalancersMadeAgain,
      {},
      [object("Service", "web", { spec: { type: "ClusterIP" } })],
    ],
  ])("is nothing of %s", (_case, assessor, preflight, objects) => {
    expect(found(assessor, preflight, objects)).toEqual([]);
  });

  it.each<[string, Assessor, Partial<Preflight>, string[], KubeObject[]?]>([
    [
      "a quota that is one short",
      quotas,
      { quotas: [{ ...quota, adds: 33 }] },
      ["warning quota-short: vCPUs: 32 of 64 are used, and green needs up to 33."],
    ],
    [
      "a quota that is used up, though green needs none",
      quotas,
      { quotas: [{ ...quota, used: 64, adds: 0 }] },
      ["note quota-short: vCPUs: 64 of 64 are used, so that not one more can be made."],
    ],
    [
      "actions that would be denied",
      permissions,
      {
        permissions: {
          principal: "arn:role",
          actions: [
            { action: "iam:PassRole", on: "*", isAllowed: false },
            { action: "eks:CreateCluster", on: "*", isAllowed: true },
          ],
        },
      },
      ["warning permission-lacking: arn:role would be denied iam:PassRole on *."],
    ],
    [
      "a zone that is too full",
      subnetRoom,
      {
        subnets: {
          needed: 21,
          subnets: [
            { id: "s", zone: "a", free: 10 },
            { id: "t", zone: "b", free: 100 },
          ],
        },
      },
      ["warning subnet-full: Green's subnets in a have 10 free addresses; its share of blue's 21 pods is 11."],
    ],
    [
      "a version that EKS doesn't have",
      eksVersion,
      version(null),
      ["blocker eks-version: EKS doesn't offer Kubernetes 1.35 in this region."],
    ],
    [
      "a version that is over",
      eksVersion,
      version({ status: "UNSUPPORTED", standardUntil: null, extendedUntil: null }),
      ["blocker eks-version: EKS no longer supports Kubernetes 1.35 in this region."],
    ],
    [
      "a version in extended support",
      eksVersion,
      version({ status: "EXTENDED_SUPPORT", standardUntil: null, extendedUntil: "2027-01-02T00:00:00.000Z" }),
      ["warning eks-version: Kubernetes 1.35 is in EKS's extended support until 2027-01-02, which costs more an hour."],
    ],
    [
      "a version that ends soon",
      eksVersion,
      standard("2026-08-01T00:00:00.000Z"),
      ["warning eks-version: EKS's standard support of Kubernetes 1.35 ends on 2026-08-01."],
    ],
    [
      "an add-on without any version",
      addOnVersions,
      addOns("default", []),
      ["blocker add-on-version: EKS has no version of the add-on coredns for green's Kubernetes."],
    ],
    [
      "an add-on's version that doesn't fit",
      addOnVersions,
      addOns("v9", ["v1"]),
      ["blocker add-on-version: coredns v9 doesn't fit green's Kubernetes."],
    ],
    [
      "what was not asked",
      unasked,
      { unasked: [{ what: "quotas", why: "AccessDenied." }] },
      ["warning preflight-unasked: Not asked: quotas. AccessDenied."],
    ],
    [
      "load balancers that come again",
      loadBalancersMadeAgain,
      {},
      [
        "note load-balancers-made-again: 1 Services of type LoadBalancer and 1 Ingresses get load balancers of their own on green, as far as its controllers make some: Service shop/web, Ingress shop/web.",
      ],
      [balanced, object("Ingress", "web")],
    ],
    [
      "a certificate of another region",
      certificatesNamed,
      {},
      [
        "warning certificate-elsewhere: It names arn:aws:acm:us-east-1:1:certificate/x, and green is in eu-west-1: a load balancer there can't use it.",
      ],
      [object("Ingress", "web", {}, certificate("us-east-1"))],
    ],
    [
      "registries, and one that is silent",
      imageRegistries,
      {
        registries: [
          { host: "docker.io", answer: 401, why: "" },
          { host: "old.example", answer: null, why: "ENOTFOUND" },
        ],
      },
      [
        "note image-registries: Blue runs images from docker.io (2), old.example (1): green's nodes must reach and be let in by each.",
        "warning image-registry-silent: old.example doesn't answer from here: ENOTFOUND. From green that may be otherwise.",
      ],
      [
        object("Pod", "a", {
          spec: {
            containers: [{ image: "nginx" }, { image: "old.example/x:1" }],
            initContainers: [{ image: "library/busybox:1" }],
          },
        }),
      ],
    ],
  ])("tells of %s", (_case, assessor, preflight, expected, objects) => {
    expect(words(assessor, preflight, objects)).toEqual(expected);
  });
});
