import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../src/model/objects.js";
import { planWarmth, type WarmInput } from "../../../src/workloads/warm/floors.js";

const deployment = (name: string, replicas: number, ready = replicas, labels = {}): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "shop", labels },
  spec: { replicas },
  status: { readyReplicas: ready },
});
const hpa = (
  name: string,
  minReplicas: number | undefined,
  maxReplicas: number,
  apiVersion = "apps/v1",
): KubeObject => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: `of-${name}`, namespace: "shop" },
  spec: {
    scaleTargetRef: { apiVersion, kind: "Deployment", name },
    maxReplicas,
    ...(minReplicas !== undefined && { minReplicas }),
  },
});
const keda = (name: string, spec: object, annotations: Record<string, string> = {}): KubeObject => ({
  apiVersion: "keda.sh/v1alpha1",
  kind: "ScaledObject",
  metadata: { name: `of-${name}`, namespace: "shop", annotations },
  spec: { scaleTargetRef: { name }, ...spec },
});
const plan = (input: Partial<WarmInput>) =>
  planWarmth({ blue: [], green: [], autoscalers: [], held: new Set(), exclude: [], headroom: 0, ...input });
const short = ({ warm, remarks }: ReturnType<typeof plan>) => [
  ...warm.map(
    ({ object, wanted, floor }) =>
      `${object.name} ${wanted}${floor ? ` ${floor.object.kind}.${floor.path.join(".")} ${floor.now}->${floor.ours}` : ""}`,
  ),
  ...remarks,
];

describe("what must be warm", () => {
  const web = { blue: [deployment("web", 9)], green: [deployment("web", 2)] };

  it.each<[string, Partial<WarmInput>, string[]]>([
    ["its count, where nothing scales it", web, ["web 9 Deployment.spec.replicas 2->9"]],
    [
      "blue's ready Pods, not what blue wants",
      { blue: [deployment("web", 9, 6)], green: [deployment("web", 9, 0)] },
      ["web 6"],
    ],
    [
      "its autoscaler's floor, and not the count that this one governs",
      { ...web, autoscalers: [hpa("web", 2, 20)] },
      ["web 9 HorizontalPodAutoscaler.spec.minReplicas 2->9"],
    ],
    [
      "a floor that is absent is 1",
      { ...web, autoscalers: [hpa("web", undefined, 20)] },
      ["web 9 HorizontalPodAutoscaler.spec.minReplicas 1->9"],
    ],
    ["a floor that is high enough stays", { ...web, autoscalers: [hpa("web", 12, 20)] }, ["web 9"]],
    [
      "an autoscaler that names an API of old",
      { ...web, autoscalers: [hpa("web", 2, 20, "extensions/v1beta1")] },
      ["web 9 HorizontalPodAutoscaler.spec.minReplicas 2->9"],
    ],
    [
      "KEDA's floor",
      { ...web, autoscalers: [keda("web", { maxReplicaCount: 20 })] },
      ["web 9 ScaledObject.spec.minReplicaCount 0->9"],
    ],
    [
      "never above what an autoscaler may",
      { ...web, autoscalers: [hpa("web", 2, 5)] },
      [
        "web 5 HorizontalPodAutoscaler.spec.minReplicas 2->5",
        "Deployment.apps shop/web has 9 ready on blue, and should have 9 on green; but its HorizontalPodAutoscaler of-web there allows 5 at most.",
      ],
    ],
    ["headroom, rounded up", { ...web, headroom: 20 }, ["web 11 Deployment.spec.replicas 2->11"]],
    ["not what is held", { ...web, held: new Set(["Deployment.apps shop/web"]) }, []],
    ["not what is excluded", { ...web, exclude: [{ namespace: "shop", name: "w*" }] }, []],
    ["not what blue has nothing ready of", { blue: [deployment("web", 9, 0)], green: [deployment("web", 2)] }, []],
    ["not what stands on one only", { blue: [deployment("a", 1)], green: [deployment("b", 1)] }, []],
    [
      "not what somebody keeps at 0, but it is told",
      { blue: web.blue, green: [deployment("web", 0)] },
      ["Deployment.apps shop/web is at 0 replicas on green, and has 9 ready on blue: it is left so."],
    ],
    [
      "what KEDA took to 0, since nobody asks anything of green yet",
      { blue: web.blue, green: [deployment("web", 0)], autoscalers: [keda("web", {})] },
      ["web 9 ScaledObject.spec.minReplicaCount 0->9"],
    ],
    ...[
      keda("web", { idleReplicaCount: 0 }),
      keda("web", {}, { "autoscaling.keda.sh/paused": "true" }),
      hpa("web", 2, 20),
    ].map((scaler): [string, Partial<WarmInput>, string[]] => [
      `not what no floor brings back from 0: ${scaler.kind} ${JSON.stringify([scaler.metadata.annotations ?? {}, scaler.spec])}`,
      { blue: web.blue, green: [deployment("web", 0)], autoscalers: [scaler] },
      ["Deployment.apps shop/web is at 0 replicas on green, and has 9 ready on blue: it is left so."],
    ]),
    [
      "headroom that binary fractions would round up to one more",
      { blue: [deployment("web", 100)], green: [deployment("web", 2)], headroom: 10 },
      ["web 110 Deployment.spec.replicas 2->110"],
    ],
    [
      "what blue has ready while it rolls out, which is more than it wants",
      { blue: [deployment("web", 8, 10)], green: [deployment("web", 10)] },
      ["web 10"],
    ],
    ["nothing is ever lowered", { blue: [deployment("web", 2)], green: [deployment("web", 9)] }, ["web 2"]],
  ])("%s", (_, input, expected) => {
    expect(short(plan(input))).toEqual(expected);
  });

  it("raises floors only, at most to what an autoscaler allows, and never asks for more than blue's count and headroom", () => {
    const counts = fc.record({
      ready: fc.integer({ min: 1, max: 50 }),
      green: fc.integer({ min: 1, max: 50 }),
      least: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      most: fc.integer({ min: 1, max: 60 }),
      scaled: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 8 }), fc.integer({ min: 0, max: 200 }), (all, headroom) => {
        const { warm } = plan({
          blue: all.map(({ ready }, i) => deployment(`w${i}`, 1, ready)),
          green: all.map(({ green }, i) => deployment(`w${i}`, green)),
          autoscalers: all.flatMap(({ scaled, least, most }, i) => (scaled ? [hpa(`w${i}`, least, most)] : [])),
          headroom,
        });
        expect(warm).toHaveLength(all.length);
        for (const [i, { wanted, floor }] of warm.entries()) {
          const { ready, scaled, most } = all[i] ?? { ready: 0, scaled: false, most: 0 };
          const asked = Math.ceil((ready * (100 + headroom)) / 100);
          expect(wanted).toBe(scaled ? Math.min(asked, most) : asked);
          if (floor) expect(floor.ours).toBeGreaterThan(floor.now);
        }
      }),
    );
  });
});
