import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../src/model/objects.js";
import { podKinds, podTemplateOf } from "../../../../src/replay/changes/adaptations/pod-template.js";
import { adapt } from "./adapt.js";
import { deployment, podOf, workloads } from "./samples.js";

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
const zone = "failure-domain.beta.kubernetes.io/zone";
const newZone = "topology.kubernetes.io/zone";
const adapted = (pod: JsonObject, settings = {}) => podOf(adapt(deployment(pod), settings).object);

describe("pod templates", () => {
  const made = workloads({ nodeSelector: { "beta.kubernetes.io/os": "linux" } });

  it("are found in every kind that runs pods", () => {
    expect(Object.keys(made).sort()).toEqual(podKinds.map((kind) => kind.split(".")[0]).sort());
    for (const each of Object.values(made)) {
      const { object, by } = adapt(each);
      expect(by).toEqual(["node-labels"]);
      expect(podTemplateOf(object)?.spec.nodeSelector).toEqual({ "kubernetes.io/os": "linux" });
    }
  });

  it("are not looked for in what merely resembles them", () => {
    const [, other] = Object.values(made);
    expect(adapt({ ...made.Deployment, apiVersion: "acme.example/v1" } as never).by).toEqual([]);
    expect(adapt({ ...other, template: undefined } as never).by).toEqual([]);
  });
});

describe("node-labels", () => {
  it.each([
    [zone, newZone],
    ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"],
    ["beta.kubernetes.io/arch", "kubernetes.io/arch"],
    ["beta.kubernetes.io/os", "kubernetes.io/os"],
    ["beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"],
    ["node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane"],
  ])("calls %s %s everywhere", (old, now) => {
    const terms = (key: string) => [{ matchExpressions: [{ key, operator: "In", values: ["a"] }] }];
    const near = (topologyKey: string) => ({ topologyKey, labelSelector: { matchLabels: { app: "web" } } });
    const pod = (key: string) => ({
      nodeSelector: { [key]: "a", disk: "ssd" },
      affinity: {
        nodeAffinity: {
          [required]: { nodeSelectorTerms: terms(key) },
          [preferred]: [{ weight: 1, preference: terms(key)[0] }],
        },
        podAffinity: { [required]: [near(key)], [preferred]: [{ weight: 1, podAffinityTerm: near(key) }] },
        podAntiAffinity: { [required]: [near(key)], [preferred]: [{ weight: 1, podAffinityTerm: near(key) }] },
      },
      topologySpreadConstraints: [{ ...near(key), maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" }],
    });
    expect(adapted(pod(old))).toEqual(podOf(deployment(pod(now))));
    expect(adapt(deployment(pod(now))).by).toEqual([]);
  });

  it("leaves what contradicts itself as it is, and takes what says the same twice once", () => {
    expect(adapted({ nodeSelector: { [zone]: "a", [newZone]: "b" } }).nodeSelector).toEqual({
      [zone]: "a",
      [newZone]: "b",
    });
    expect(adapted({ nodeSelector: { [zone]: "a", [newZone]: "a" } }).nodeSelector).toEqual({ [newZone]: "a" });
    const spread = (topologyKey: string) => ({ topologyKey, whenUnsatisfiable: "ScheduleAnyway", maxSkew: 1 });
    const both = [spread(zone), spread(newZone)];
    expect(adapted({ topologySpreadConstraints: both }).topologySpreadConstraints).toEqual(both);
  });

  it("calls labels and values what a team says green calls them", () => {
    const nodeLabels = {
      "kops.k8s.io/instancegroup": { key: "clustershift.io/group", values: { nodes: "workers" } },
      disk: { values: { ssd: "nvme" } },
    };
    const expression = (key: string, values: string[]) => ({ matchExpressions: [{ key, operator: "NotIn", values }] });
    const pod = (a: JsonObject, b: JsonObject) => ({
      nodeSelector: a,
      affinity: { nodeAffinity: { [required]: { nodeSelectorTerms: [b] } } },
    });
    expect(
      adapted(
        pod(
          { "kops.k8s.io/instancegroup": "nodes", disk: "hdd" },
          expression("kops.k8s.io/instancegroup", ["nodes", "syslog"]),
        ),
        { nodeLabels },
      ),
    ).toEqual(
      podOf(
        deployment(
          pod(
            { "clustershift.io/group": "workers", disk: "hdd" },
            expression("clustershift.io/group", ["workers", "syslog"]),
          ),
        ),
      ),
    );
    expect(adapted({ nodeSelector: { disk: "ssd" } }, { nodeLabels }).nodeSelector).toEqual({ disk: "nvme" });
  });
});

describe("control-plane-toleration", () => {
  const of = (tolerations: unknown[]) => adapted({ tolerations }).tolerations;
  const master = { key: "node-role.kubernetes.io/master", operator: "Exists", effect: "NoSchedule" };
  const twin = { ...master, key: "node-role.kubernetes.io/control-plane" };
  const other = { key: "dedicated", operator: "Equal", value: "syslog" };

  it("adds a twin beside each toleration of the old taint, once", () => {
    expect(of([other, master])).toEqual([other, master, twin]);
    expect(of([twin, master])).toEqual([twin, master]);
    expect(of([master, { ...master, effect: "NoExecute" }])).toEqual([
      master,
      twin,
      { ...master, effect: "NoExecute" },
      { ...twin, effect: "NoExecute" },
    ]);
    expect(of([other])).toEqual([other]);
  });
});

describe("images", () => {
  const image = (name: string, mapping: Record<string, string> = {}) =>
    (adapted({ containers: [{ name: "a", image: name }] }, { images: mapping }).containers as { image: string }[])[0]
      ?.image;

  it.each([
    ["k8s.gcr.io/pause:3.2", "registry.k8s.io/pause:3.2"],
    ["k8s.gcr.io/a/b@sha256:00", "registry.k8s.io/a/b@sha256:00"],
    ["k8s.gcr.io.acme.example/pause:3.2", "k8s.gcr.io.acme.example/pause:3.2"],
    ["registry.acme.example/team/web:1", "new.acme.example/web:1"],
    ["registry.acme.example/team", "new.acme.example"],
    ["registry.acme.example/teams/web:1", "all.acme.example/teams/web:1"],
    ["nginx:1", "mirror.acme.example/library/nginx:1"],
    ["grafana/grafana", "mirror.acme.example/grafana/grafana"],
    ["localhost/web", "localhost/web"],
    ["quay.io/web", "quay.io/web"],
  ])("takes %s from %s, by the longest prefix that ends where a name's part ends", (from, to) => {
    const mapping = {
      "k8s.gcr.io": "registry.k8s.io",
      "registry.acme.example": "all.acme.example",
      "registry.acme.example/team": "new.acme.example",
      "docker.io": "mirror.acme.example",
    };
    expect(image(from, mapping)).toBe(to);
    expect(image(from)).toBe(from);
  });

  it("looks at every sort of container, and at volumes that are images", () => {
    const pod = (registry: string) => ({
      containers: [{ name: "a", image: `${registry}/a` }],
      initContainers: [{ name: "b", image: `${registry}/b` }],
      ephemeralContainers: [{ name: "c", image: `${registry}/c` }],
      volumes: [{ name: "d", image: { reference: `${registry}/d` } }],
    });
    expect(adapted(pod("old.example"), { images: { "old.example": "new.example" } })).toEqual(
      podOf(deployment(pod("new.example"))),
    );
  });

  it("points out what still comes from a retired registry", () => {
    const ids = (name: string, images = {}) =>
      adapt(deployment({ containers: [{ name: "a", image: name }] }), { images }).remarks.map(({ id, why }) => [
        id,
        why.split(",")[0],
      ]);
    expect(ids("k8s.gcr.io/pause")).toEqual([["image-registry-retired", "It takes images from k8s.gcr.io"]]);
    expect(ids("gcr.io/google_containers/pause")).toHaveLength(1);
    expect(ids("gcr.io/google_containers_of_mine/pause")).toEqual([]);
    expect(ids("k8s.gcr.io/pause", { "k8s.gcr.io": "registry.k8s.io" })).toEqual([]);
  });
});

describe("seccomp-annotations", () => {
  const ofPod = "seccomp.security.alpha.kubernetes.io/pod";
  const of = (container: string) => `container.seccomp.security.alpha.kubernetes.io/${container}`;
  const containers = [{ name: "a" }, { name: "b" }];

  it("sets the fields, keeps the annotations, and leaves a field that is there the last word", () => {
    const { object, remarks } = adapt(
      deployment(
        { containers: [{ name: "a" }, { name: "b", securityContext: { seccompProfile: { type: "Unconfined" } } }] },
        { [ofPod]: "docker/default", [of("a")]: "localhost/profiles/a.json", [of("b")]: "runtime/default" },
      ),
    );
    expect(remarks).toEqual([]);
    expect(podOf(object)).toMatchObject({
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        { securityContext: { seccompProfile: { type: "Localhost", localhostProfile: "profiles/a.json" } } },
        { securityContext: { seccompProfile: { type: "Unconfined" } } },
      ],
    });
    expect(object).toMatchObject({ spec: { template: { metadata: { annotations: { [ofPod]: "docker/default" } } } } });
  });

  it.each(["strict", "localhost/", "localhost/../a", "localhost//etc/a"])("says that %s is no profile", (value) => {
    const { object, remarks } = adapt(deployment({ containers }, { [of("a")]: value }));
    expect(podOf(object)).toEqual(podOf(deployment({ containers })));
    expect(remarks.map(({ id }) => id)).toEqual(["seccomp-profile-unknown"]);
  });
});
