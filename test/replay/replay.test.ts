import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../../src/model/accounting.js";
import { type KubeObject, refKey, refOf } from "../../src/model/objects.js";
import { follow } from "../../src/replay/follow.js";
import { parity } from "../../src/replay/parity.js";
import { rehearse } from "../../src/replay/rehearse.js";
import { type ReplayResult, replay } from "../../src/replay/replay.js";
import { standard } from "../../src/replay/standard.js";
import { memoryLedger } from "./memory-ledger.js";
import { definition, object } from "./objects.js";
import { Hand, marked, only, open, servers, why } from "./servers.js";

const at = "2026-11-24T00:00:00Z";

describe.skipIf(!servers)(`a replay between real servers${why}`, () => {
  const mark = `replay-${randomBytes(4).toString("hex")}`;
  const group = `${mark}.example`;
  let blue: Hand;
  let green: Hand;
  const ledger = memoryLedger();
  const run = async (options: Partial<Parameters<typeof replay>[2]> = {}): Promise<ReplayResult> =>
    replay(await only(mark, blue.server, green.server), standard, {
      green: green.server,
      concurrency: 8,
      ledger,
      ...options,
    });
  /** Others use these servers too, and what they replayed is unexpected here. */
  const compared = async (expected: ReplayResult["expected"]) =>
    (await parity(expected, green.server, { at, ledger })).differences.filter(({ object: { namespace, name } }) =>
      `${namespace} ${name}`.includes(mark),
    );
  const outcome = (result: ReplayResult, it: KubeObject): Outcome | undefined =>
    result.outcomes.find(({ object }) => refKey(object) === refKey(refOf(it)));

  const namespace = object(`v1 Namespace ${mark}`, {}, { labels: { team: "shop" }, annotations: { city: "Zürich" } });
  const config = object(
    `v1 ConfigMap ${mark}/config`,
    { data: { a: "1", empty: "" } },
    { finalizers: [`${group}/hold`] },
  );
  const secret = object(`v1 Secret ${mark}/tls`, { data: { key: "c2VjcmV0" } });
  const web = object(`apps/v1 Deployment ${mark}/web`, {
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "web:1", resources: { requests: { cpu: "10m" } } }] },
      },
    },
  });
  const workload: KubeObject[] = [
    namespace,
    definition("Thing", group, ["v1"]),
    config,
    web,
    object(`v1 Service ${mark}/web`, { spec: { type: "NodePort", selector: { app: "web" }, ports: [{ port: 80 }] } }),
    object(`v1 Service ${mark}/peers`, {
      spec: { clusterIP: "None", selector: { app: "web" }, ports: [{ port: 80 }] },
    }),
    object(`networking.k8s.io/v1 NetworkPolicy ${mark}/deny`, { spec: { podSelector: {} } }),
    object(`policy/v1 PodDisruptionBudget ${mark}/web`, {
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: "web" } } },
    }),
    object(`v1 ResourceQuota ${mark}/quota`, { spec: { hard: { configmaps: "100" } } }),
    object(`batch/v1 CronJob ${mark}/nightly`, {
      spec: {
        schedule: "0 3 * * *",
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "j", image: "j:1" }] } } },
        },
      },
    }),
    object(`policy/v1beta1 PodSecurityPolicy ${mark}`, {
      spec: {
        seLinux: { rule: "RunAsAny" },
        runAsUser: { rule: "RunAsAny" },
        fsGroup: { rule: "RunAsAny" },
        supplementalGroups: { rule: "RunAsAny" },
      },
    }),
  ];
  const thing = object(`${group}/v1 Thing ${mark}/t`, { spec: { any: { nested: [1, null, ""] } } });

  beforeAll(async () => {
    if (!servers) return;
    blue = new Hand(await open(servers.blueFile));
    green = new Hand(await open(servers.greenFile));
    for (const it of workload) await blue.write(it);
    const owner = await blue.write(thing);
    const { apiVersion, kind, metadata } = owner;
    const reference = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "", controller: true };
    await blue.write({ ...secret, metadata: { ...secret.metadata, ownerReferences: [reference] } });
  }, 60_000);

  afterAll(async () => {
    if (!servers) return;
    for (const hand of [blue, green]) {
      await hand.release(config);
      for (const it of [definition("Thing", group, ["v1"]), namespace]) await hand.remove(it);
    }
    await blue.remove(object(`policy/v1beta1 PodSecurityPolicy ${mark}`));
    await Promise.all([blue.server.close(), green.server.close()]);
  }, 60_000);

  it("stopped in the middle goes on where it was, and ends as if it had not been", async () => {
    const stop = new AbortController();
    let arrived = 0;
    const stopped = run({ concurrency: 1, signal: stop.signal, onOutcome: () => ++arrived === 6 && stop.abort() });
    await expect(stopped).rejects.toThrow(/abort/i);

    const result = await run();
    expect(result.outcomes.filter(({ ending }) => ending === "failed")).toEqual([]);
    expect(result.unaccounted).toEqual([]);
    const { listed, ...endings } = result.accounting.total;
    expect(Object.values(endings).reduce((sum, count) => sum + count, 0)).toBe(listed);
    expect(outcome(result, object(`policy/v1beta1 PodSecurityPolicy ${mark}`))?.ending).toBe("dropped");
    expect(await compared(result.expected)).toEqual([]);
  }, 60_000);

  it("done again writes nothing", async () => {
    const result = await run();
    expect(result.writes).toBe(0);
    expect(result.accounting.total.failed).toBe(0);
    expect(result.accounting.total.migrated).toBeGreaterThan(10);
  }, 60_000);

  it("gives owned objects green's own owners", async () => {
    const [owner, owned] = [await green.read(thing), await green.read(secret)];
    expect(owner?.metadata.uid).toBeDefined();
    expect(owned?.metadata.ownerReferences).toEqual([
      expect.objectContaining({ kind: "Thing", uid: owner?.metadata.uid }),
    ]);
  });

  it("keeps what outsiders rely on: node ports, headless Services, finalizers, custom fields to the last null", async () => {
    const portOf = (it: KubeObject | undefined) =>
      (it?.spec as { ports?: { nodePort?: number }[] } | undefined)?.ports?.[0]?.nodePort;
    const service = object(`v1 Service ${mark}/web`);
    expect(portOf(await green.read(service))).toBe(portOf(await blue.read(service)));
    expect(portOf(await green.read(service))).toBeGreaterThan(0);
    expect((await green.read(object(`v1 Service ${mark}/peers`)))?.spec).toMatchObject({ clusterIP: "None" });
    expect((await green.read(config))?.metadata.finalizers).toEqual([`${group}/hold`]);
    expect((await green.read(thing))?.spec).toEqual(thing.spec);
  });

  it("brings over an edit of blue's, and nothing else", async () => {
    await blue.write({ ...config, data: { a: "2", b: "new" } });
    const result = await run();
    expect(result.writes).toBe(1);
    expect((await green.read(config))?.data).toEqual({ a: "2", b: "new" });
  }, 60_000);

  it("leaves an edit of somebody's on green alone, says so, and shows it in parity; unless asked", async () => {
    await green.write({ ...config, data: { a: "by hand" } }, "person");
    const result = await run();
    expect(result.writes).toBe(0);
    expect(outcome(result, config)).toMatchObject({ ending: "failed", by: "differs-on-green" });
    expect(outcome(result, config)?.reason).toMatch(/person.*\/data\/a/);
    expect((await green.read(config))?.data).toMatchObject({ a: "by hand" });
    expect(await compared(result.expected)).toMatchObject([
      { kind: "different", fields: [{ path: "/data/a", blue: "2", green: "by hand" }] },
    ]);

    expect((await run({ overwrite: true })).writes).toBe(1);
    expect((await green.read(config))?.data).toMatchObject({ a: "2" });
  }, 60_000);

  it("hides the values of Secrets in parity, and sees what is missing and what has gone from blue", async () => {
    const { expected } = await run();
    await green.write({ ...secret, data: { key: "b3RoZXI=" } }, "person");
    await green.remove(object(`networking.k8s.io/v1 NetworkPolicy ${mark}/deny`));
    const withoutCronJob = expected.filter(({ object }) => object.kind !== "CronJob");
    const nightly = expected.find(({ object }) => object.kind === "CronJob");
    if (!nightly) throw new Error("the CronJob didn't depart");
    const other = { ...nightly, object: object(`batch/v1 CronJob ${mark}/other`) };
    const differences = await compared([...withoutCronJob, other]);
    expect(differences.map(({ kind, object }) => `${kind} ${object.kind} ${object.name}`).sort()).toEqual([
      "different Secret tls",
      "missing CronJob other",
      "missing NetworkPolicy deny",
      "unexpected CronJob nightly",
    ]);
    expect(JSON.stringify(differences)).not.toMatch(/c2VjcmV0|b3RoZXI/);
    // Also where blue has no object of that kind any more.
    expect(await compared(withoutCronJob)).toContainEqual(
      expect.objectContaining({ kind: "unexpected", object: expect.objectContaining({ name: "nightly" }) }),
    );
    expect((await run({ overwrite: true })).writes).toBe(2);
  }, 60_000);

  it("tells in the server's words what is refused, retries what only came too early, and blames nothing else", async () => {
    const source = await only(mark, blue.server, green.server);
    const planted = object(`v1 ConfigMap ${mark}/Not_A_Name`, { data: {} });
    const { report, result } = await rehearse(
      {
        kinds: source.kinds.map(({ resource, count }) => ({
          resource,
          count: count + Number(resource.kind === "ConfigMap"),
        })),
        async *objects(resource) {
          yield* source.objects(resource);
          if (resource.kind === "ConfigMap") yield planted;
        },
      },
      standard,
      { control: green.server, never: [], concurrency: 8, bundle: "sum", at, passDelayMs: 10 },
    );
    expect(report.refused).toEqual([
      { object: `ConfigMap ${mark}/Not_A_Name`, reason: expect.stringMatching(/422 .*Invalid value/s) },
    ]);
    expect(report.objects).toBe(result.accounting.total.listed);
    expect(result.unaccounted).toEqual([]);
  }, 60_000);

  it("is never rehearsed in a cluster that somebody uses", async () => {
    const { clusterId } = await green.server.info();
    const source = await only(mark, blue.server, green.server);
    const options = { control: green.server, never: ["blue-id", clusterId], concurrency: 8, bundle: "sum", at };
    await expect(rehearse(source, standard, options)).rejects.toThrow(`refused to rehearse in ${clusterId}`);
  });

  it("follows what blue does afterwards, and reports what goes", async () => {
    const result = await run();
    const late = object(`v1 ConfigMap ${mark}/late`, { data: { a: "1" } });
    const stop = new AbortController();
    const deleted: string[] = [];
    let caughtUp = false;
    const following = follow(result, {
      blue: marked(mark, blue.server),
      green: green.server,
      ledger,
      signal: stop.signal,
      onCaughtUp: () => {
        caughtUp = true;
      },
      onDeleted: (ref) => deleted.push(refKey(ref)),
    });
    await expect.poll(() => caughtUp, { timeout: 30_000 }).toBe(true);
    await blue.write(late);
    await blue.write({ ...config, data: { a: "3" } });
    await expect.poll(() => green.read(late), { timeout: 20_000 }).toMatchObject({ data: { a: "1" } });
    await expect.poll(() => green.read(config), { timeout: 20_000 }).toMatchObject({ data: { a: "3" } });
    await blue.remove(late);
    await expect.poll(() => deleted, { timeout: 20_000 }).toContain(`ConfigMap ${mark}/late`);
    expect(await green.read(late)).toBeDefined();
    stop.abort();
    await following;
  }, 90_000);
});
