import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../src/model/objects.js";
import type { ChangeContext } from "../../../src/replay/changes/change.js";
import { type ChangeMade, changesOf } from "../../../src/replay/changes/index.js";
import { type ConfiguredHolds, holdChanges, holds } from "../../../src/replay/holds/index.js";
import { quietWays } from "../../../src/replay/holds/quiet.js";

const nothing: ConfiguredHolds = { hold: [], dontHold: [] };
const context: ChangeContext = { listed: () => [] } as unknown as ChangeContext;
const changed = (object: KubeObject, config: Partial<ConfiguredHolds> = {}, released?: string[]): ChangeMade[] =>
  changesOf(object, holdChanges({ ...nothing, ...config }, new Set(released)), context);

const object = (kind: string, spec: object, metadata: object = {}): KubeObject => ({
  apiVersion: kind === "CronJob" || kind === "Job" ? "batch/v1" : kind === "Pod" ? "v1" : "apps/v1",
  kind,
  metadata: { name: "one", namespace: "shop", ...metadata },
  spec,
});
const running = (image: string, kind = "Deployment", metadata: object = {}) =>
  object(kind, { replicas: 2, template: { spec: { containers: [{ name: "a", image }] } } }, metadata);

describe("holds", () => {
  it("keeps what is exclusive until blue's has ended, before all other holds, whatever needn't be held; and what wakes it", () => {
    const exclusive = [{ name: "dns", reason: "one writer", select: { namespace: "shop" } }];
    const dontHold = [{ reason: "r", select: { namespace: "shop" } }];
    const config = { exclusive, dontHold };
    const dns = running("external-dns/external-dns:v1");
    const field = { hold: "dns", until: "cutover", pointer: "/spec/replicas", held: 0, original: 2 };
    expect(changed(dns, config).map(({ held }) => held)).toEqual([field]);
    expect(changed(dns, config, ["Deployment.apps shop/one"])).toEqual([]);
    // A Job that blue goes on with is nobody's to release.
    expect(changed(object("Job", {}), { exclusive })[0]?.held).toMatchObject({ until: "person" });
    const scaler = { ...object("ScaledObject", { scaleTargetRef: { name: "one" } }), apiVersion: "keda.sh/v1alpha1" };
    const listing = { listed: (kind: string) => (kind === "Deployment.apps" ? [dns] : []) } as unknown as ChangeContext;
    const made = changesOf(scaler, holdChanges({ ...nothing, exclusive }), listing);
    expect(made[0]?.after.metadata.annotations).toEqual({ "autoscaling.keda.sh/paused-replicas": "0" });
    expect(changesOf(scaler, holdChanges({ ...nothing, exclusive }), context)).toEqual([]);
  });

  it("keeps what mounts a claim that Velero hasn't restored, also where nothing else would hold it", () => {
    const awaitsVelero = ({ metadata }: KubeObject) => metadata.name === "one";
    const [made] = changed(running("acme/db", "StatefulSet"), { awaitsVelero });
    expect(made?.held).toMatchObject({ hold: "velero-volumes", until: "cutover", held: 0, original: 2 });
    expect(changed(running("acme/db", "StatefulSet", { name: "two" }), { awaitsVelero })).toEqual([]);
  });

  it("suspends a CronJob, and knows what to give back", () => {
    const [made] = changed(object("CronJob", { schedule: "@daily", suspend: false }));
    expect(made?.after.spec).toEqual({ schedule: "@daily", suspend: true });
    expect(made?.held).toEqual({
      hold: "cron-jobs",
      until: "cutover",
      pointer: "/spec/suspend",
      held: true,
      original: false,
    });
  });

  it("knows a field that blue doesn't have", () => {
    expect(changed(object("Job", { template: {} }))[0]?.held).toEqual({
      hold: "unfinished-jobs",
      until: "person",
      pointer: "/spec/suspend",
      held: true,
    });
  });

  it.each([
    ["a suspended CronJob", object("CronJob", { suspend: true })],
    ["a suspended Job", object("Job", { suspend: true })],
    ["external-dns at 0", object("Deployment", { ...(running("external-dns").spec as object), replicas: 0 })],
    ["an ordinary Deployment", running("registry.acme.example/shop/web:1")],
    ["a program whose name only begins like a known one", running("acme/external-dns-exporter:1")],
    ["a registry that is called so", running("external-dns.acme.example/web:1")],
    ["cert-manager's webhook", running("quay.io/jetstack/cert-manager-webhook:v1.9.1")],
    ["Velero on nodes", running("velero/velero:v1.14.0", "DaemonSet")],
    ["a Service", { apiVersion: "v1", kind: "Service", metadata: { name: "external-dns" }, spec: {} }],
  ])("leaves alone %s", (_, found) => {
    expect(changed(found)).toEqual([]);
  });

  it.each([
    ["external-dns", "teardown", running("registry.k8s.io/external-dns/external-dns:v0.12.2")],
    ["external-dns", "teardown", running("mirror:5000/external-dns@sha256:abc", "StatefulSet")],
    [
      "external-dns",
      "teardown",
      running("acme/fork", "Deployment", { labels: { "app.kubernetes.io/name": "external-dns" } }),
    ],
    ["cluster-autoscaler", "teardown", running("registry.k8s.io/autoscaling/cluster-autoscaler:v1.24.0")],
    ["karpenter", "teardown", running("public.ecr.aws/karpenter/controller:1.0.0@sha256:abc")],
    ["cert-manager", "cutover", running("quay.io/jetstack/cert-manager-controller:v1.9.1")],
    ["velero", "cutover", running("velero/velero:v1.14.0")],
    ["cloud-resources", "teardown", running("public.ecr.aws/aws-controllers-k8s/rds-controller:1.4.0")],
  ])("holds %s until %s", (hold, until, found) => {
    const [made, ...others] = changed(found);
    expect(others).toEqual([]);
    expect(made?.held).toEqual({ hold, until, pointer: "/spec/replicas", held: 0, original: 2 });
    expect(made?.after.spec).toMatchObject({ replicas: 0 });
  });

  it("puts a DaemonSet on no node, and takes off again only what it put there", () => {
    const hold = [{ name: "agents", reason: "they report", select: { kind: "DaemonSet" }, until: "cutover" as const }];
    const bare = changed(object("DaemonSet", { template: { spec: {} } }), { hold })[0];
    expect(bare?.held).toMatchObject({
      pointer: "/spec/template/spec/nodeSelector",
      held: { "clustershift.dev/held": "true" },
    });
    expect(bare?.held).not.toHaveProperty("original");
    const placed = changed(object("DaemonSet", { template: { spec: { nodeSelector: { disk: "ssd" } } } }), { hold })[0];
    expect(placed?.after.spec).toEqual({
      template: { spec: { nodeSelector: { disk: "ssd", "clustershift.dev/held": "true" } } },
    });
    expect(placed?.held).toMatchObject({
      pointer: "/spec/template/spec/nodeSelector/clustershift.dev~1held",
      held: "true",
    });
  });

  it("asks the team first, once for each object", () => {
    const hold = [{ name: "dns", reason: "ours", select: { name: "one" }, until: "cutover" as const }];
    const made = changed(running("external-dns:v1"), { hold });
    expect(made.map(({ held }) => [held?.hold, held?.until])).toEqual([["dns", "cutover"]]);
  });

  it("spares what the team spares, and what was released", () => {
    const select = { kind: "CronJob", namespace: "sh*" };
    expect(changed(object("CronJob", {}), { dontHold: [{ select }] })).toEqual([]);
    expect(changed(object("CronJob", {}), {}, ["CronJob.batch shop/one"])).toEqual([]);
    expect(changed(object("CronJob", {}), {}, ["CronJob.batch shop/other"])).toHaveLength(1);
  });

  it("says that a Pod can't be held", () => {
    const hold = [{ name: "mailer", reason: "mails", select: { namespace: "shop" }, until: "cutover" as const }];
    const pod = object("Pod", {});
    const [made] = changed(pod, { hold });
    expect(made?.after).toEqual(pod);
    expect(made?.remarks).toMatchObject([{ id: "pod-not-held", severity: "warning" }]);
  });

  it("changes one field of whatever runs, and never its argument; what is given back is what was there", () => {
    const kinds = Object.keys(quietWays).map((key) => {
      const [kind = "", ...group] = key.split(".");
      return { kind, apiVersion: group.length > 0 ? `${group.join(".")}/v1` : "v1" };
    });
    const spec = fc.record(
      {
        replicas: fc.nat(9),
        suspend: fc.boolean(),
        template: fc.record({
          spec: fc.record({ nodeSelector: fc.dictionary(fc.string(), fc.string()) }, { requiredKeys: [] }),
        }),
      },
      { requiredKeys: [] },
    );
    const hold = [{ name: "all", reason: "all", select: { name: "*" }, until: "person" as const }];
    fc.assert(
      fc.property(fc.constantFrom(...kinds), spec, (type, fields) => {
        const before: KubeObject = { ...type, metadata: { name: "one" }, spec: fields };
        const copy = structuredClone(before);
        const [made] = changed(before, { hold });
        expect(before).toEqual(copy);
        if (!made?.held) return;
        expect(putBack(made.after, made.held.pointer, made.held.original)).toEqual(copy);
        // What is quiet stays as it is.
        expect(changed(made.after, { hold })).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("names each of its own once, with a reason", () => {
    expect(new Set(holds.map(({ id }) => id)).size).toBe(holds.length);
    for (const { id, reason } of holds) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(reason).toMatch(/\.$/);
    }
  });
});

function putBack(object: KubeObject, pointer: string, value: unknown): KubeObject {
  const copy = structuredClone(object);
  const path = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/"));
  let parent = copy as Record<string, unknown>;
  for (const field of path.slice(0, -1)) parent = parent[field] as Record<string, unknown>;
  const last = path.at(-1) ?? "";
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
