import { describe, expect, it } from "vitest";
import { connectBackUp } from "../../src/kube/back-up.js";
import { blueBackupPermissions } from "../../src/kube/permissions.js";
import type { KubeObject } from "../../src/model/objects.js";
import { fakeServer, kubeconfigFor, status } from "./fake-server.js";

const backup = (parts: Partial<KubeObject> = {}): KubeObject => ({
  ...{ apiVersion: "velero.io/v1", kind: "Backup", metadata: { name: "nightly", namespace: "velero" }, spec: {} },
  ...parts,
});
const open = async (url: string) =>
  connectBackUp({
    ...{ kubeconfig: await kubeconfigFor(url), context: "fake", env: {}, namespace: "velero" },
    tuning: { attempts: 1 },
  });

describe("the client for backups", () => {
  it("creates a Backup in Velero's namespace", async () => {
    const server = await fakeServer({ body: backup() });
    const client = await open(server.url);
    await client.create(backup());
    expect(server.requests).toEqual(["POST /apis/velero.io/v1/namespaces/velero/backups?fieldManager=clustershift"]);
    await client.close();
  });

  it.each([
    ["another kind", { kind: "Restore" }],
    ["another group", { apiVersion: "v1" }],
    ["another namespace", { metadata: { name: "nightly", namespace: "shop" } }],
  ])("sends nothing for %s", async (_, parts) => {
    const server = await fakeServer({ body: {} });
    const client = await open(server.url);
    await expect(client.create(backup(parts))).rejects.toThrow("not sent");
    expect(server.requests).toEqual([]);
    await client.close();
  });

  it("hands on the server's refusal", async () => {
    const server = await fakeServer(status(409, "AlreadyExists"));
    const client = await open(server.url);
    await expect(client.create(backup())).rejects.toMatchObject({ status: 409 });
    await client.close();
  });

  it("has no method that writes otherwise, and a role that can't", async () => {
    const client = await open("http://127.0.0.1:9");
    expect(Object.keys(client).sort()).toEqual(["close", "create", "get", "info", "lacks", "name", "server"]);
    await client.close();
    const roles = blueBackupPermissions("backups").filter(({ kind }) => kind === "Role" || kind === "ClusterRole");
    const rules = roles.flatMap(({ rules }) => rules as { resources: string[]; verbs: string[] }[]);
    expect(rules.flatMap(({ resources, verbs }) => (verbs.includes("create") ? resources : []))).toEqual(["backups"]);
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(["get", "create"]));
    expect(roles.find(({ kind }) => kind === "Role")?.metadata.namespace).toBe("backups");
  });
});
