import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { generateIdentity, writeIdentityFile } from "../../../src/bundle/identity.js";
import { writeBundle } from "../../../src/bundle/write.js";
import { type ApiResource, groupOf, type KubeObject, kindKey, refOf, versionOf } from "../../../src/model/objects.js";

export const clusterId = "5b7f6a0e-0000-4000-8000-00000000b1ue".replace("b1ue", "b10e");
export const takenAt = new Date("2026-11-28T12:00:00Z");

let number = 0;
const object = (apiVersion: string, kind: string, name: string, rest: object = {}, namespace?: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: {
    name,
    ...(namespace !== undefined && { namespace }),
    uid: `00000000-0000-4000-8000-${String(++number).padStart(12, "0")}`,
    resourceVersion: String(1000 + number),
    creationTimestamp: "2026-11-01T00:00:00Z",
  },
  ...rest,
});
export const inShop = (apiVersion: string, kind: string, name: string, rest: object = {}) =>
  object(apiVersion, kind, name, rest, "store");

const schema = {
  type: "object",
  properties: { spec: { type: "object", properties: { size: { type: "integer" } }, required: ["size"] } },
};

export function definition(name: string, plural: string, version: object = { schema: { openAPIV3Schema: schema } }) {
  const names = { plural, singular: name.toLowerCase(), kind: name, listKind: `${name}List` };
  const versions = [{ name: "v1", served: true, storage: true, ...version }];
  const spec = { group: "verify.acme.example", scope: "Namespaced", names, versions };
  return object("apiextensions.k8s.io/v1", "CustomResourceDefinition", `${plural}.verify.acme.example`, { spec });
}

export function deployment(name: string, secretName: string): KubeObject {
  const container = { name: "web", image: "store/web:1", envFrom: [{ secretRef: { name: secretName } }] };
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [container] } };
  return inShop("apps/v1", "Deployment", name, { spec: { replicas: 1, selector: { matchLabels: labels }, template } });
}

/** A small cluster's objects, with nothing wrong: what a plant adds, changes or takes away is all that is. */
export function soundObjects(): KubeObject[] {
  number = 0;
  const system = object("v1", "Namespace", "kube-system");
  system.metadata.uid = clusterId;
  return [
    system,
    object("v1", "Namespace", "store"),
    inShop("v1", "ConfigMap", "settings", { data: { colour: "blue" } }),
    inShop("v1", "ConfigMap", "texts", { data: { hello: "world" } }),
    inShop("v1", "Secret", "database", { type: "Opaque", data: { password: "aHVudGVyMg==" } }),
    inShop("v1", "Service", "web", { spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] } }),
    deployment("web", "database"),
    definition("Crate", "crates"),
    inShop("verify.acme.example/v1", "Crate", "big", { spec: { size: 3 } }),
  ];
}

const plurals: Record<string, [plural: string, namespaced: boolean]> = {
  Namespace: ["namespaces", false],
  CustomResourceDefinition: ["customresourcedefinitions", false],
  NetworkPolicy: ["networkpolicies", true],
};

function resourceOf({ apiVersion, kind }: KubeObject): ApiResource {
  const [resource, namespaced] = plurals[kind] ?? [`${kind.toLowerCase()}s`, true];
  const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
  const version = { group: groupOf(apiVersion), version: versionOf(apiVersion) };
  return { ...version, kind, resource, namespaced, verbs, subresources: [] };
}

export interface BundleWorld {
  dir: string;
  /** Beside the bundle, as a run keeps it. */
  identityFile: string;
}

/** A bundle of these objects in a folder of its own, as an export writes it. */
export async function bundleOf(
  folder: string,
  objects: readonly KubeObject[] = soundObjects(),
  { version = "v1.24.17", cluster = clusterId, now = takenAt } = {},
): Promise<BundleWorld> {
  const dir = join(folder, "bundle");
  const identityFile = join(folder, "age-identity.txt");
  await mkdir(folder, { recursive: true });
  const owner = await generateIdentity();
  await writeIdentityFile(identityFile, owner);
  const kinds = new Map<string, KubeObject[]>();
  for (const each of objects) {
    const kind = kindKey(refOf(each));
    kinds.set(kind, [...(kinds.get(kind) ?? []), each]);
  }
  await writeBundle({
    dir,
    kinds: [...kinds.values()].map((items) => ({
      resource: resourceOf(items[0] as KubeObject),
      pages: (async function* () {
        yield { items };
      })(),
    })),
    source: { name: "blue.acme.example", version, clusterId: cluster },
    recipients: [owner.recipient],
    now,
  });
  return { dir, identityFile };
}

/** A folder with a file of YAML for each object, as a script of `kubectl get -o yaml` leaves it. */
export async function folderOf(folder: string, objects: readonly KubeObject[]): Promise<string> {
  const dir = join(folder, "manifests");
  await mkdir(dir, { recursive: true });
  for (const [index, each] of objects.entries()) await writeFile(join(dir, `${index}.yaml`), stringify(each));
  return dir;
}

/** Files that the real Velero wrote, in a folder of their own; the archive's path. */
export async function veleroFixture(folder: string, name: string): Promise<string> {
  const from = new URL(`../../velero/fixtures/${name}/`, import.meta.url).pathname;
  await cp(from, folder, { recursive: true });
  return join(folder, `${name}.tar.gz`);
}
