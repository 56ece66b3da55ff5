import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { addContexts, removeContexts } from "../../src/sandbox/contexts.js";
import type { Kubeconfig } from "../../src/sandbox/identity.js";
import { SandboxFolder } from "../../src/sandbox/sandbox-folder.js";

let dir: string;
let folder: SandboxFolder;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "clustershift-contexts-"));
  folder = new SandboxFolder({ XDG_STATE_HOME: dir }, "one");
  await mkdir(folder.dir, { recursive: true });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const kubeconfig = (name: string, user: string): Kubeconfig => ({
  clusters: [{ name, cluster: { server: `https://${name}` } }],
  users: [{ name: `${name}-${user}`, user: { token: user } }],
  contexts: [{ name, context: { cluster: name, user: `${name}-${user}` } }],
  "current-context": name,
});

async function add(name: string): Promise<void> {
  const adminKubeconfig = join(dir, `${name}.yaml`);
  await writeFile(adminKubeconfig, stringify(kubeconfig(name, "root")));
  await addContexts(folder, { name, reader: stringify(kubeconfig(name, "reader")), adminKubeconfig });
}

/** Each context with whose token it leads where. */
async function contexts() {
  const { clusters, users, contexts: all, ...rest } = parse(await readFile(folder.kubeconfig, "utf8")) as Kubeconfig;
  const led = all.map(({ name, context: { cluster, user } }) => [
    name,
    clusters.find((each) => each.name === cluster)?.cluster,
    users.find((each) => each.name === user)?.user,
  ]);
  return { led, clusters: clusters.length, users: users.length, current: rest["current-context"] };
}

const of = (name: string) => [
  [name, { server: `https://${name}` }, { token: "reader" }],
  [`${name}-admin`, { server: `https://${name}` }, { token: "root" }],
];

it("names each cluster that stands by a context that reads and one that administers", async () => {
  await Promise.all([add("blue"), add("green-1-35")]);
  const { led, current } = await contexts();
  expect(led.sort()).toEqual([...of("blue"), ...of("green-1-35")]);
  expect(["blue", "green-1-35"]).toContain(current);
  expect((await stat(folder.kubeconfig)).mode & 0o777).toBe(0o600);
});

it("takes both away with the cluster, and goes on with another one's", async () => {
  for (const name of ["blue", "green-1-35"]) await add(name);
  await removeContexts(folder, "blue");
  expect(await contexts()).toEqual({ led: of("green-1-35"), clusters: 2, users: 2, current: "green-1-35" });
  await add("green-1-35");
  expect(await contexts()).toEqual({ led: of("green-1-35"), clusters: 2, users: 2, current: "green-1-35" });
  await removeContexts(folder, "green-1-35");
  expect(await contexts()).toEqual({ led: [], clusters: 0, users: 0, current: "" });
});
