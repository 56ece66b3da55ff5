import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { carryOutActs, planActs, planActsBack, takeActsBack } from "../../../src/commands/shared/acts/index.js";
import { connect } from "../../../src/kube/connect.js";
import { connectHandOver } from "../../../src/kube/hand-over.js";
import type { JournalEntry } from "../../../src/model/journal.js";
import type { KubeObject } from "../../../src/model/objects.js";
import { resource } from "../../../src/workloads/served.js";
import { type Hand, servers, why } from "../../replay/servers.js";
import { Killed, memoryJournal } from "../journal.js";
import { readyOf, until, workload } from "../servers.js";
import { World } from "./world.js";

describe.skipIf(!servers)(`handing exclusive workloads over between real clusters${why}`, () => {
  const world = new World();
  const { mark, labels } = world;
  const labelled = (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, labels } });
  const deployment = (name: string, replicas: number): KubeObject =>
    labelled(workload("Deployment", mark, name, { replicas }, { nodeName: mark }));
  const dns = deployment("external-dns", 1);
  const consumer = deployment("consumer", 3);
  const pod = { restartPolicy: "Never", nodeSelector: { nobody: mark }, containers: [{ name: "a", image: "acme/a" }] };
  const jobTemplate = { spec: { template: { spec: pod } } };
  const nightly = labelled({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "nightly", namespace: mark },
    spec: { schedule: "0 0 31 1 *", suspend: false, jobTemplate },
  });
  const at = (hand: Hand) => Promise.all([dns, consumer, nightly].map((object) => world.at(hand, object)));
  const running = (hand: Hand, ...objects: KubeObject[]) => Promise.all(objects.map((each) => readyOf(hand, each)));
  const podsOf = async (hand: Hand): Promise<number> => {
    let count = 0;
    for await (const { items } of hand.server.pages(resource("v1", "Pod"), { namespace: mark })) count += items.length;
    return count;
  };
  const outcome = async (entries: JournalEntry[]) => carryOutActs("after", await world.scene(entries));
  const back = async (entries: JournalEntry[]) => takeActsBack(await world.scene(entries));

  beforeAll(() => world.open(), 60_000);
  afterAll(() => world.close());
  beforeEach(async () => {
    world.timeout = "60s";
    world.warnings.length = 0;
    world.first = [];
  });
  afterEach(() => world.clear());

  it("stops them on blue, waits for their end, then releases green's; and back, exactly: never do both run", async () => {
    await world.bring(dns, consumer, nightly);
    await until("blue has its Pods", async () => (await running(world.blue, dns, consumer)).join() === "1,3");
    const before = await Promise.all([dns, consumer, nightly].map((object) => world.managers(object)));
    const entries: JournalEntry[] = [];
    expect((await planActs("after", await world.scene(entries))).lines).toEqual([
      "Then on blue, stopped until they have ended (the only writes to it)",
      expect.stringMatching(/Deployment\.apps .*\/consumer \(spec\.replicas: 3 -> 0\)/),
      expect.stringMatching(/external-dns/),
      expect.stringMatching(/CronJob\.batch .*\/nightly \(spec\.suspend: false -> true\)/),
      "Then on green, released",
      ...[dns, consumer, nightly].map(({ metadata }) => expect.stringContaining(metadata.name)),
    ]);
    expect(entries).toEqual([]);
    await carryOutActs("before", await world.scene(entries));
    expect(entries).toEqual([]);

    const there = await never("both", world.green, world.blue, podsOf, () => outcome(entries));
    expect(there).toMatchObject({ failed: false });
    expect([await at(world.blue), await at(world.green)]).toEqual([
      [0, 0, true],
      [1, 3, false],
    ]);
    await until("green has its Pods", async () => (await running(world.green, dns, consumer)).join() === "1,3");
    const { length } = entries;
    expect(await outcome(entries)).toMatchObject({ failed: false });
    expect(entries).toHaveLength(length);

    expect((await planActsBack(await world.scene(entries))).lines).toContain("Then on blue, started again");
    const again = await never("both", world.blue, world.green, podsOf, () => back(entries));
    expect(again).toMatchObject({ blueLacks: false, json: { "hand-over": { besides: [] } } });
    expect(world.warnings).toEqual([]);
    expect([await at(world.blue), await at(world.green)]).toEqual([
      [1, 3, false],
      [0, 0, true],
    ]);
    expect(await Promise.all([dns, consumer, nightly].map((object) => world.managers(object)))).toEqual(before);
    expect((await back(entries)).json).toMatchObject({ "hand-over": { outcomes: [] } });
  });

  it("stops before the traffic what would write over it, and starts it again with all others", async () => {
    world.first = ["external-dns"];
    await world.bring(dns, consumer);
    const both = (hand: Hand) => Promise.all([dns, consumer].map((object) => world.at(hand, object)));
    await until("blue has its Pods", async () => (await running(world.blue, dns, consumer)).join() === "1,3");
    const entries: JournalEntry[] = [];
    expect((await planActs("before", await world.scene(entries))).lines).toEqual([
      "Before, on blue, stopped until it has ended",
      expect.stringMatching(/external-dns \(spec\.replicas: 1 -> 0\)/),
    ]);
    expect((await planActs("after", await world.scene(entries))).lines.join("\n")).not.toMatch(/external-dns \(spec/);
    expect((await carryOutActs("before", await world.scene(entries))).failed).toBe(false);
    expect([await both(world.blue), await both(world.green)]).toEqual([
      [0, 3],
      [0, 0],
    ]);
    const { length } = entries;
    await carryOutActs("before", await world.scene(entries));
    expect(entries).toHaveLength(length);

    // Nothing has moved yet: the way back starts it all the same.
    expect((await back(entries)).blueLacks).toBe(false);
    expect(await both(world.blue)).toEqual([1, 3]);

    await carryOutActs("before", await world.scene(entries));
    expect(await outcome(entries)).toMatchObject({ failed: false });
    expect([await both(world.blue), await both(world.green)]).toEqual([
      [0, 0],
      [1, 3],
    ]);
  });

  it("releases nothing of what still runs on blue, and goes on when it has ended", async () => {
    await world.bring(consumer, nightly);
    world.timeout = "1s";
    const owner = await world.blue.read(nightly);
    const job: KubeObject = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: "nightly-1",
        namespace: mark,
        ownerReferences: [
          {
            apiVersion: "batch/v1",
            kind: "CronJob",
            name: "nightly",
            uid: owner?.metadata.uid ?? "",
            controller: true,
          },
        ],
      },
      spec: jobTemplate.spec,
    };
    await world.blue.write(job);
    const entries: JournalEntry[] = [];
    const first = await outcome(entries);
    expect(first).toMatchObject({ failed: true });
    expect(first.lines.join("\n")).toMatch(/CronJob\.batch .*\/nightly: still runs: Job nightly-1/);
    expect([await world.at(world.blue, nightly), await world.at(world.green, nightly)]).toEqual([true, true]);
    await world.blue.remove(job);
    world.timeout = "60s";
    expect(await outcome(entries)).toMatchObject({ failed: false });
    expect([await world.at(world.green, consumer), await world.at(world.green, nightly)]).toEqual([3, false]);
    await back(entries);
  });

  it("goes on wherever it was killed, there and back, and ends where it would have", async () => {
    await world.bring(consumer, nightly);
    const entries: JournalEntry[] = [];
    const dying = async (work: (scene: Awaited<ReturnType<World["scene"]>>) => Promise<unknown>) => {
      for (let kills = 0; ; kills++) {
        const scene = await world.scene(entries, memoryJournal(entries, entries.length + 2));
        const killed = await work(scene).then(
          () => false,
          (error: unknown) => error instanceof Killed,
        );
        if (!killed) return kills;
        if (kills > 40) throw new Error("it never ends");
      }
    };
    expect(await dying((scene) => carryOutActs("after", scene))).toBeGreaterThan(3);
    const both = [consumer, nightly];
    const now = async () => [
      ...(await Promise.all(both.map((each) => world.at(world.blue, each)))),
      ...(await Promise.all(both.map((each) => world.at(world.green, each)))),
    ];
    expect(await now()).toEqual([0, true, 3, false]);
    expect(await dying(takeActsBack)).toBeGreaterThan(3);
    expect(await now()).toEqual([3, false, 0, true]);
    expect(entries.filter(({ type }) => type === "failed")).toEqual([]);
  });

  it("leaves what somebody else changed on blue meanwhile, and doesn't release green's", async () => {
    await world.bring(consumer);
    const entries: JournalEntry[] = [];
    world.timeout = "1s";
    await outcome(entries);
    await world.blue.write({ ...consumer, spec: { ...(consumer.spec as object), replicas: 2 } }, "somebody");
    const told = await outcome(entries);
    expect(told).toMatchObject({ failed: true });
    expect(told.lines.join("\n")).toMatch(/somebody changed it on blue since it was stopped: spec\.replicas is 2/);
    const returned = await back(entries);
    expect(returned.json).toMatchObject({ "hand-over": { outcomes: [{ outcome: "left" }] } });
    expect(await world.at(world.blue, consumer)).toBe(2);
  });

  it("starts blue's without a green that answers, and says that both may run; without blue it goes on when run again", async () => {
    await world.bring(consumer);
    const entries: JournalEntry[] = [];
    await outcome(entries);
    const { blueFile, greenFile } = world;
    const nowhere = { server: "https://127.0.0.1:1" };
    try {
      world.greenFile = await world.file("no-green.yaml", greenFile, nowhere);
      world.blueFile = await world.file("no-blue.yaml", blueFile, nowhere);
      const lost = await back(entries);
      expect(lost).toMatchObject({ blueLacks: true });
      expect(lost.lines.join("\n")).toMatch(/NOT started again: .*127\.0\.0\.1:1/);
      world.blueFile = blueFile;
      const served = await back(entries);
      expect(served).toMatchObject({ blueLacks: false });
      expect(world.warnings.join("\n")).toMatch(/may run on both clusters: Deployment\.apps .*\/consumer/);
      expect(await world.at(world.blue, consumer)).toBe(3);
    } finally {
      Object.assign(world, { blueFile, greenFile });
    }
    await back(entries);
    expect(await world.at(world.green, consumer)).toBe(0);
  });

  it("refuses before any traffic what isn't planned, or may not be written", async () => {
    await world.bring(consumer);
    await world.blue.write(dns);
    await expect(carryOutActs("before", await world.scene([]))).rejects.toMatchObject({
      code: "hand-over-refused",
      message: expect.stringMatching(/external-dns: it is exclusive and runs on blue, but isn't in the plan/),
    });
    const told = await outcome([]);
    expect(told.lines.join("\n")).toMatch(/external-dns: it isn't in the plan/);
    await world.blue.remove(dns);
    const { blueFile } = world;
    try {
      world.blueFile = await world.file("nobody.yaml", blueFile, { as: "nobody" });
      await expect(carryOutActs("before", await world.scene([]))).rejects.toMatchObject({
        code: "hand-over-refused",
        message: expect.stringMatching(/cannot get resource "namespaces"/),
      });
    } finally {
      world.blueFile = blueFile;
    }
  });

  it("has a role that suffices for this, and for nothing else", async () => {
    await world.bring(consumer);
    const options = { kubeconfig: world.blueFile, context: world.blue.server.name, env: {} };
    const [any, client] = await Promise.all([connect(options), connectHandOver(options)]);
    try {
      const deployments = resource("apps/v1", "Deployment");
      const ours = { namespace: mark, type: "merge" } as const;
      const patch = { metadata: { labels: { a: "b" } } };
      const refused: Record<string, () => Promise<unknown>> = {
        create: () => any.create(deployments, deployment("other", 1), { namespace: mark }),
        replace: () => any.replace(deployments, consumer, { namespace: mark }),
        delete: () => any.delete(deployments, "consumer", mark),
        list: async () => any.pages(deployments, { namespace: mark })[Symbol.asyncIterator]().next(),
        secrets: () => any.get(resource("v1", "Secret"), "any", mark),
        "other kinds": () => any.patch(resource("apps/v1", "DaemonSet"), "any", patch, ours),
        status: () => any.patch(deployments, "consumer", patch, { ...ours, subresource: "status" }),
      };
      for (const [what, attempt] of Object.entries(refused))
        await expect(attempt(), what).rejects.toMatchObject({ message: expect.stringMatching(/forbidden/i) });
      // What the role can't tell apart, the client doesn't send.
      await expect(client.patch(deployments, "consumer", patch, ours)).rejects.toThrow(
        /metadata\.labels\.a .*not sent/,
      );
      await expect(client.patch(resource("v1", "Pod"), "any", { spec: { replicas: 0 } }, ours)).rejects.toThrow(
        /not sent/,
      );
      expect(await client.lacks(deployments, "consumer", mark)).toBeUndefined();
      expect(await client.lacks(resource("apps/v1", "DaemonSet"), "any", mark)).toMatch(/get of daemonsets\.apps/);
    } finally {
      await Promise.all([any.close(), client.close()]);
    }
  });
});

/** Looks all the time: where the first cluster has Pods, and after that the second one too, both ran. */
async function never<Result>(
  what: string,
  first: Hand,
  second: Hand,
  podsOf: (hand: Hand) => Promise<number>,
  work: () => Promise<Result>,
): Promise<Result> {
  let over = false;
  const seen: string[] = [];
  let looks = 0;
  const looking = (async () => {
    while (!over) {
      const begun = await podsOf(first);
      const still = begun > 0 ? await podsOf(second) : 0;
      if (still > 0) seen.push(`${begun} and ${still} Pods`);
      looks++;
    }
  })();
  const result = await work().finally(() => {
    over = true;
    return looking;
  });
  if (looks === 0 || seen.length > 0) throw new Error(`${what} ran, in ${looks} looks: ${seen.join(", ")}`);
  return result;
}
