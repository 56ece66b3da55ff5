import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { KubeWriter } from "../../src/kube/api.js";
import { type ApiResource, apiVersionOf, type KubeObject } from "../../src/model/objects.js";
import { clusterProgram } from "../../stacks/program.js";
import { parseClusterSettings } from "../../stacks/settings/cluster-settings.js";
import { greenServer } from "../kube/server.js";
import { runWithMocks } from "./mocks.js";
import { rawCluster } from "./settings-fixtures.js";

// Loading Pulumi and its providers takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Where Velero goes: of this test alone, and the only thing that is really made. */
const mark = `dry-run-${randomBytes(4).toString("hex")}`;

describe.skipIf(!greenServer.present)(`what the stack puts into a cluster, ${greenServer.title}`, () => {
  let server: KubeWriter;
  let resources: ApiResource[];
  let objects: KubeObject[];

  const resourceOf = ({ apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">): ApiResource => {
    const found = resources.find((each) => apiVersionOf(each.group, each.version) === apiVersion && each.kind === kind);
    if (found === undefined) throw new Error(`${apiVersion} ${kind} isn't served`);
    return found;
  };
  const dryRun = (object: KubeObject) =>
    server.apply(resourceOf(object), object, { dryRun: true, fieldManager: "pulumi", force: true });
  const home = { apiVersion: "v1", kind: "Namespace", metadata: { name: mark } };

  beforeAll(async () => {
    server = await greenServer.open();
    resources = (await server.discover()).resources;
    await server.create(resourceOf(home), home);
    const made = await runWithMocks(
      clusterProgram(
        parseClusterSettings(
          rawCluster({
            controllers: { velero: { namespace: mark } },
            velero: {},
            namespaces: { [`${mark}-shop`]: { enforce: "baseline" } },
          }),
        ),
      ),
    );
    objects = made.resources
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ inputs }) => inputs as unknown as KubeObject);
  });
  afterAll(async () => {
    await server.delete(resourceOf(home), mark);
    await server.close();
  });

  it("is what the server would take: every field is known, and none is wrong", async () => {
    // Velero's own kinds come with Velero.
    const known = objects.filter(({ apiVersion }) => !apiVersion.startsWith("velero.io/"));
    expect(known.map(({ kind }) => kind).sort()).toEqual(
      ["ClusterRoleBinding", "Deployment", "Job", "Namespace", "Namespace", "ServiceAccount"].sort(),
    );
    for (const object of known) expect((await dryRun(object)).metadata.name).toBe(object.metadata.name);
  });

  it("would be refused with a field that the server doesn't know", async () => {
    const [deployment] = objects.filter(({ kind }) => kind === "Deployment");
    const wrong = { ...deployment, spec: { ...(deployment?.spec as object), replica: 1 } } as KubeObject;
    await expect(dryRun(wrong)).rejects.toThrow(/replica/);
  });
});
