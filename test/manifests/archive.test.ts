import { describe, expect, it } from "vitest";
import { migrations } from "../../migrations/index.js";
import { archiveOf } from "../../src/manifests/archive.js";
import { type Placed, readFolder } from "../../src/manifests/read-folder.js";
import { guessVersion, newestTrace } from "../../src/manifests/traces.js";
import { apiVersionOf, type JsonObject, type KubeObject, type ObjectMeta } from "../../src/model/objects.js";
import { object } from "../replay/objects.js";
import { incident } from "./folder.js";

let file = 0;
const placed = (what: string, fields: JsonObject = {}, metadata: Partial<ObjectMeta> = {}): Placed => ({
  object: object(what, fields, metadata),
  place: { file: `${++file}.yaml`, line: 7 },
});
const archive = (...objects: Placed[]) => archiveOf({ objects }, migrations);
const served = ({ resources }: ReturnType<typeof archive>) =>
  resources.map(
    ({ group, version, kind, resource, namespaced }) =>
      `${apiVersionOf(group, version)} ${kind} ${resource}${namespaced ? "" : " (cluster)"}`,
  );
const all = (of: ReturnType<typeof archive>) => of.resources.flatMap((resource) => of.objects(resource));
const thrown = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return String(error);
  }
  throw new Error("nothing was thrown");
};

describe("the incident's folder as an archive", () => {
  it("has each object once, and the kinds as a server of then would list them", async () => {
    const found = archiveOf(await readFolder(incident, { shown: "export" }), migrations);
    expect(served(found)).toEqual([
      "batch/v1beta1 CronJob cronjobs",
      "apiextensions.k8s.io/v1beta1 CustomResourceDefinition customresourcedefinitions (cluster)",
      "apps/v1 Deployment deployments",
      "extensions/v1beta1 Deployment deployments",
      "extensions/v1beta1 Ingress ingresses",
      "acme.example/v1 Mouse mice",
      "v1 Namespace namespaces (cluster)",
      "v1 Node nodes (cluster)",
      "v1 Secret secrets",
      "v1 Service services",
      "v1 ServiceAccount serviceaccounts",
    ]);
    expect(found.count).toBe(11);
    const [deployment] = found.objects(found.resources[2] as (typeof found.resources)[0]);
    // Of two copies of one Deployment the later one counts.
    expect(deployment?.metadata.resourceVersion).toBe("90977");
    expect(found.placeOf({ group: "extensions", kind: "Deployment", namespace: "shop", name: "web" })?.file).toMatch(
      /deployments/,
    );
    expect(found.remarks).toEqual([
      "1 object(s) name no namespace, and are taken to be in default, as kubectl apply does: ServiceAccount report (export/cron.yml:18)",
      "1 object(s) are there more than once, and count once",
      "1 Secret(s) lie in plain text in 1 file(s), the first in export/objects/secrets.yaml; in a bundle they are encrypted",
    ]);
  });

  it("shows of what version and what time it is", async () => {
    const objects = (await readFolder(incident)).objects.map((each) => each.object);
    expect(guessVersion(objects)).toEqual({
      version: "v1.11.7",
      because: "says the kubelet of Node ip-172-20-40-9.eu-central-1.compute.internal",
    });
    expect(newestTrace(objects)).toBe("2019-02-24T10:02:11Z");
  });
});

describe("an object that is there twice", () => {
  const spec = { spec: { replicas: 1 } };
  it.each<[string, Placed, Placed]>([
    [
      "but for what servers write",
      placed("apps/v1 Deployment shop/a", { ...spec, status: { x: 1 } }, { uid: "1", labels: {} }),
      placed("apps/v1 Deployment shop/a", spec),
    ],
    [
      "in another order",
      placed("v1 ConfigMap shop/a", { data: { a: "1", b: "2" } }),
      placed("v1 ConfigMap shop/a", { data: { b: "2", a: "1" } }),
    ],
    [
      "but for who leads just now",
      placed("v1 ConfigMap shop/a", {}, { annotations: { "control-plane.alpha.kubernetes.io/leader": "a" } }),
      placed("v1 ConfigMap shop/a"),
    ],
    [
      "and is rewritten all the time",
      placed("coordination.k8s.io/v1 Lease shop/a", { spec: { renewTime: "1" } }),
      placed("coordination.k8s.io/v1 Lease shop/a"),
    ],
  ])("alike, %s, is one", (_, one, other) => {
    expect(all(archive(one, other))).toHaveLength(1);
    expect(all(archive(other, one))).toHaveLength(1);
  });

  it("and contradicts itself is refused, with both places and no word of its content", () => {
    const one = placed("v1 Secret shop/db", { data: { password: "aHVudGVyMg==" } });
    const other = placed("v1 Secret shop/db", { data: { password: "b3RoZXI=" } });
    const error = thrown(() => archive(one, other));
    expect(error).toContain(`${other.place.file}:7: Secret shop/db contradicts ${one.place.file}:7`);
    expect(error).not.toMatch(/aHV|b3R/);
    expect(all(archiveOf({ objects: [one, other] }, migrations, { lenient: true }))).toEqual([one.object]);
  });
});

describe("the versions of a kind", () => {
  const budget = (version: string, name: string) =>
    placed(`policy/${version} PodDisruptionBudget shop/${name}`, {
      spec: { minAvailable: 1, selector: { matchLabels: { a: "b" } } },
    });

  it("count where all objects have them: the others are copies", () => {
    const found = archive(budget("v1beta1", "a"), budget("v1beta1", "b"), budget("v1", "a"));
    expect(served(found)).toEqual(["policy/v1beta1 PodDisruptionBudget poddisruptionbudgets"]);
    expect(all(found)).toHaveLength(2);
  });

  it("become one by a migration where none has all objects", () => {
    const found = archive(budget("v1beta1", "a"), budget("v1", "b"));
    expect(served(found)).toEqual(["policy/v1 PodDisruptionBudget poddisruptionbudgets"]);
    expect(all(found).map(({ apiVersion, metadata }) => `${apiVersion} ${metadata.name}`)).toEqual([
      "policy/v1 a",
      "policy/v1 b",
    ]);
  });

  it("may differ where no release removed any", () => {
    const hpa = (version: string, name: string) =>
      placed(`autoscaling/${version} HorizontalPodAutoscaler shop/${name}`);
    const found = archive(hpa("v1", "a"), hpa("v2", "b"), hpa("v2", "c"));
    expect(served(found)).toEqual(["autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers"]);
    expect(all(found).map(({ apiVersion }) => apiVersion)).toEqual([
      "autoscaling/v1",
      "autoscaling/v2",
      "autoscaling/v2",
    ]);
  });

  it("are refused where nothing leads from one to another, since an object would be lost", () => {
    const slice = (version: string, name: string) => placed(`storage.k8s.io/${version} VolumeAttributesClass ${name}`);
    expect(thrown(() => archiveOf({ objects: [slice("v1alpha1", "a"), slice("v1beta1", "b")] }, []))).toMatch(
      /no version has all objects.*VolumeAttributesClass\.storage\.k8s\.io a in storage\.k8s\.io\/v1alpha1 \(\d+\.yaml:7\)/,
    );
  });
});

describe("scope", () => {
  it("of a custom kind is its definition's; without one its objects' own", () => {
    const found = archive(
      placed("acme.example/v1 Box a"),
      placed("acme.example/v1 Pony shop/a"),
      placed("acme.example/v1 Pony b"),
      placed("v1 Namespace shop/odd"),
    );
    expect(served(found)).toEqual([
      "acme.example/v1 Box boxes (cluster)",
      "v1 Namespace namespaces (cluster)",
      "acme.example/v1 Pony ponies",
    ]);
    expect(all(found).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      "undefined/a",
      "undefined/odd",
      "shop/a",
      "default/b",
    ]);
    expect(found.remarks).toEqual([
      expect.stringContaining("1 object(s) name no namespace"),
      expect.stringContaining("1 object(s) name a namespace, though their kind has none"),
      expect.stringContaining("Box.acme.example, Pony.acme.example"),
    ]);
  });
});

describe("owners", () => {
  const owned = (uid: string | undefined, kind = "apps/v1 Deployment web") => {
    const [apiVersion = "", type = "", name = ""] = kind.split(" ");
    const reference = { apiVersion, kind: type, name, ...(uid !== undefined && { uid }), controller: true };
    return placed(
      "apps/v1 ReplicaSet shop/web-1",
      {},
      { ownerReferences: [reference] as ObjectMeta["ownerReferences"] & object },
    );
  };
  const uids = (...objects: Placed[]) => {
    const of = (kind: string) => all(archive(...objects)).find((each) => each.kind === kind) as KubeObject;
    return { owner: of("Deployment")?.metadata.uid, reference: of("ReplicaSet").metadata.ownerReferences?.[0]?.uid };
  };

  it.each<[string, string | undefined, string | undefined, string | undefined]>([
    ["by UID", "u1", "u1", "u1"],
    ["by name, where the owner lost its UID", undefined, "u1", "u1"],
    ["by name, where the reference lost it", "u1", undefined, "u1"],
    ["by name, where the copies are of different times", "u2", "u1", "u2"],
  ])("are found %s", (_, owner, reference, expected) => {
    const deployment = placed("extensions/v1beta1 Deployment shop/web", {}, owner === undefined ? {} : { uid: owner });
    expect(uids(deployment, owned(reference))).toEqual({ owner: expected, reference: expected });
  });

  it("are found by name where neither has a UID, each pair by one of its own", () => {
    const { owner, reference } = uids(placed("apps/v1 Deployment shop/web"), owned(undefined));
    expect(owner).toMatch(/^[0-9a-f]{8}-/);
    expect(reference).toBe(owner);
  });

  it("are left as they are where they aren't there, or are in another namespace", () => {
    const elsewhere = placed("apps/v1 Deployment other/web");
    expect(uids(elsewhere, owned("u1"))).toEqual({ owner: undefined, reference: "u1" });
  });
});

describe("a version that nobody stated", () => {
  const pod = (name: string, image: string) =>
    object(`v1 Pod kube-system/${name}`, { spec: { containers: [{ image }] } });
  const node = (version: string) =>
    object(`v1 Node n-${version}`, { status: { nodeInfo: { kubeletVersion: version } } });
  it.each<[string, KubeObject[], string | undefined]>([
    ["its server's pod", [node("v1.20.1"), pod("kube-apiserver-a", "k8s.gcr.io/kube-apiserver:v1.21.14")], "v1.21.14"],
    ["the newest kubelet", [node("v1.9.9"), node("v1.21.2"), node("v1.21.10-eks-abc")], "v1.21.10-eks-abc"],
    [
      "what it served",
      [
        object("extensions/v1beta1 Ingress shop/a", {}, { uid: "1" }),
        object("apps/v1beta1 Deployment shop/a", {}, { uid: "2" }),
      ],
      "1.15",
    ],
    ["nothing, for manifests in Git", [object("extensions/v1beta1 Ingress shop/a")], undefined],
  ])("is told by %s", (_, objects, version) => {
    expect(guessVersion(objects)?.version).toBe(version);
  });
});
