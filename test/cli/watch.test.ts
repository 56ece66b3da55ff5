import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { WatchSnapshot } from "../../src/model/watch.js";
import { emulatorClients } from "../../src/sandbox/aws/clients.js";
import { type DnsServer, startDnsServer } from "../../src/sandbox/dns/server.js";
import { createZoneSource } from "../../src/sandbox/dns/zones.js";
import { openTestAws } from "../aws/moto.js";
import { Workplace } from "../harness/clustershift.js";
import { openWorkshop, type Scene, type Workshop } from "../proofs/unsafe/workshop.js";
import { region } from "../traffic/world.js";
import { placeWithRun } from "./place.js";

const emulator = await openTestAws();
const missing = "missing" in emulator ? ` (skipped: ${emulator.missing})` : "";
const zone = "watch.example";
const bucket = `cli-watch-${randomBytes(4).toString("hex")}`;
afterAll(async () => {
  if ("front" in emulator) await emulator.close();
});

/** What the first look of everything may take: nothing but the looks themselves ends it here. */
const firstLookMs = 15_000;

/** Other waits take a moment, whatever they are: the clock stays the real one. */
const atMost =
  (momentMs: number): Workplace["sleep"] =>
  async (ms, until) => {
    await sleep(ms === firstLookMs ? ms : Math.min(ms, momentMs), undefined, until ? { signal: until } : {});
  };
const briefly = atMost(30);
/** One that looks without a pause takes the whole emulator for itself, and all others wait. */
const betweenLooks = atMost(200);

/** Looks from the folder of a scene, as another process does. */
function watcherIn({ place }: Pick<Scene, "place">): Workplace {
  const watcher = new Workplace(place.dir, place.env);
  watcher.ahead = place.ahead;
  watcher.sleep = betweenLooks;
  return watcher;
}

/** Of watches that a failed test left behind. */
const running = new Set<AbortController>();
afterEach(() => {
  for (const watch of running) watch.abort("SIGINT");
  running.clear();
});

/** A watch that goes on until it is stopped; `saw` waits for one line of its output. */
function startWatch(watcher: Workplace, ...argv: string[]) {
  const stop = new AbortController();
  running.add(stop);
  const lines: string[] = [];
  const ended = watcher.run(["watch", ...argv], { signal: stop.signal, onOutput: (line) => lines.push(line) });
  return {
    lines,
    async saw(what: RegExp): Promise<string> {
      for (let look = 0; look < 600; look++) {
        const found = lines.find((line) => what.test(line));
        if (found !== undefined) return found;
        await sleep(25);
      }
      throw new Error(`no line is ${what}:\n${lines.join("\n")}`);
    },
    async stop() {
      stop.abort("SIGINT");
      return ended;
    },
  };
}

/** A cutover whose every hold lasts until it is told to go on. */
function startCutover({ place }: Scene) {
  let goOn = (): void => {};
  const worker = new Workplace(place.dir, place.env);
  worker.ahead = place.ahead;
  worker.sleep = async (ms, until) => {
    if (ms < 1_000) return briefly(ms, until);
    await new Promise<void>((done) => {
      goOn = done;
    });
  };
  return { ended: worker.run(["cutover"]), goOn: () => goOn() };
}

describe.skipIf(missing !== "")(`watch${missing}`, () => {
  let workshop: Workshop;
  /** Its run's record is kept in the bucket as well. */
  let kept: Workshop;
  let dns: DnsServer;
  let turn = 0;

  beforeAll(async () => {
    if (!("front" in emulator)) return;
    const { front } = emulator;
    const client = new S3Client({ region, endpoint: front.internalEndpoint, forcePathStyle: true });
    await client.send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
    );
    client.destroy();
    const health = { times: 1 };
    workshop = await openWorkshop(front, { name: zone, config: { health } });
    kept = await openWorkshop(front, { name: "kept.example", config: { health, record: { green: false, bucket } } });
    const zones = createZoneSource(emulatorClients(front.internalEndpoint, region).route53, {
      maxAgeMs: 200,
      now: () => performance.now(),
    });
    // Of two answers with equal weights each comes every second time.
    dns = await startDnsServer({ address: "127.0.0.1", port: 0, zones, random: () => (turn++ % 2) * 0.9 });
  }, 120_000);
  afterAll(async () => {
    await dns?.close();
    await workshop?.close();
    await kept?.close();
  });
  const resolver = () => `127.0.0.1:${dns.port}`;

  it("tells, line by line, what another process does, and leaves alone what it looks at", async () => {
    const scene = await workshop.openScene();
    const watch = startWatch(watcherIn(scene), "--resolver", resolver());
    await watch.saw(/traffic at blue$/);
    await watch.saw(/app\.watch\.example\. A: blue 100 %, green 0 %$/);
    await watch.saw(/the DNS answers with blue$/);
    await watch.saw(/blue is well$/);
    await watch.saw(/green is well$/);

    const cutover = startCutover(scene);
    await watch.saw(/traffic between blue and green$/);
    await watch.saw(/at work: .* runs `cutover`/);
    await watch.saw(/step share\/50: in place, held$/);
    await watch.saw(/app\.watch\.example\. A: blue 50 %, green 50 %$/);
    await watch.saw(/the DNS answers with blue and green$/);
    cutover.goOn();
    await watch.saw(/checks after share\/50: passed$/);
    await watch.saw(/step share\/100: in place, held$/);
    cutover.goOn();
    expect((await cutover.ended).code).toBe(0);
    await watch.saw(/traffic at green$/);
    await watch.saw(/app\.watch\.example\. A: blue 0 %, green 100 %$/);
    await watch.saw(/at work: nobody$/);
    const ended = await watch.stop();
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(watch.lines.join("\n")).not.toContain("can't be read");
    // What stays the same is said once.
    expect(watch.lines.filter((line) => /blue 50 %/.test(line))).toHaveLength(1);
    expect([...scene.blue.writes, ...scene.green.writes]).toEqual([]);
    await workshop.world.reset();
  }, 60_000);

  it("shows the same from another machine that has the configuration and credentials only", async () => {
    const scene = await kept.openScene();
    const cutover = startCutover(scene);
    const here = startWatch(watcherIn(scene), "--queries", "0");
    await here.saw(/step share\/50: in place, held$/);
    const elsewhere = await mkdtemp(join(tmpdir(), "clustershift-elsewhere-"));
    try {
      for (const file of ["clustershift.yaml", "blue.kubeconfig"])
        await cp(join(scene.place.dir, file), join(elsewhere, file));
      const machine = watcherIn({
        place: Object.assign(new Workplace(elsewhere, scene.place.env), { ahead: scene.place.ahead }),
      });
      const far = startWatch(machine, "--queries", "0");
      // The copy in the bucket is a moment behind the journal.
      await far.saw(/step share\/50: in place, held$/);
      const { json, stderr } = await machine.json<WatchSnapshot>("watch", "--once", "--resolver", resolver());
      expect(stderr).toBe("");
      expect(json).toMatchObject({
        run: scene.run.id,
        traffic: { at: "between" },
        shift: { attempt: 1, status: "moving", now: { doing: "hold" } },
        portions: { value: [{ what: "app.kept.example. A", blue: 50, green: 50, other: 0 }], trouble: null },
        answers: { value: [{ blue: 5, green: 5, other: 0, failed: {} }] },
        journal: {
          value: { from: expect.stringContaining(`s3://${bucket}/`), work: expect.stringContaining("last heard of") },
        },
        health: {
          blue: { value: { well: true } },
          green: { value: null, trouble: expect.stringContaining("not known from here") },
        },
      });
      cutover.goOn();
      await far.saw(/step share\/100: in place, held$/);
      cutover.goOn();
      await far.saw(/traffic at green$/);
      await far.stop();
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
    await here.stop();
    expect((await cutover.ended).code).toBe(0);
    await kept.world.reset();
  }, 60_000);

  it("says what somebody else did to a record, and which check turned the shift back", async () => {
    const scene = await workshop.openScene();
    const watch = startWatch(watcherIn(scene), "--resolver", resolver());
    await watch.saw(/the DNS answers with blue$/);
    const cutover = startCutover(scene);
    await watch.saw(/step share\/50: in place, held$/);
    scene.green.moods = [{ from: 0, showing: { available: 0 } }];
    await workshop.world.edit({
      ...{ Name: `app.${zone}.`, Type: "A", SetIdentifier: "somebody", Weight: 100, TTL: 5 },
      ResourceRecords: [{ Value: "203.0.113.9" }],
    });
    await watch.saw(/blue 25 %, green 25 %, SOMETHING ELSE 50 %$/);
    await watch.saw(/the DNS answers with .*something else/);
    cutover.goOn();
    await watch.saw(/checks after share\/50: failed; green's health failed: .*coredns/);
    await watch.saw(/error at .*: share\/50: green's health/);
    await watch.stop();
    expect((await cutover.ended).code).toBe(35);
    scene.green.reset();
    await workshop.world.reset();
  }, 60_000);

  it("draws on a terminal, again when its size is another one, and leaves it as it was", async () => {
    const scene = await workshop.openScene();
    const stop = new AbortController();
    let size = { columns: 100, rows: 40 };
    let resized = (): void => {};
    const seen: string[] = [];
    const screen = {
      size: () => size,
      onResize(changed: () => void) {
        resized = changed;
        return () => {
          resized = () => seen.push("still told");
        };
      },
    };
    const ended = watcherIn(scene).run(["watch", "--queries", "0"], {
      signal: stop.signal,
      screen,
      onOutput: (line) => seen.push(line),
    });
    await expect.poll(() => seen.join("\n"), { timeout: 10_000 }).toContain("[--------------------]  blue 100 %");
    size = { columns: 30, rows: 6 };
    seen.length = 0;
    resized();
    await expect.poll(() => seen.join("\n")).toContain("… a higher window shows more");
    const drawn = seen.join("\n").split("\x1b[H").at(1)?.split("\r\n") ?? [];
    expect(drawn.length).toBeLessThanOrEqual(6);
    stop.abort("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout.startsWith("\x1b[?1049h\x1b[?25l")).toBe(true);
    expect(stdout.split("\x1b[?25h\x1b[?1049l")).toHaveLength(2);
    expect(stdout.split("\x1b[?25h\x1b[?1049l")[1]).toMatch(/^acme production {2}run 2026[\s\S]*\n$/);
    resized();
    expect(seen).not.toContain("[H");
  }, 60_000);

  it("as JSON is one object a line", async () => {
    const scene = await workshop.openScene();
    const watch = startWatch(watcherIn(scene), "--queries", "0", "--output", "json");
    await watch.saw(/"blue":1,"green":0/);
    const { stdout } = await watch.stop();
    const snapshots = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as WatchSnapshot);
    expect(snapshots.length).toBeGreaterThan(0);
    expect(snapshots.at(-1)).toMatchObject({ run: scene.run.id, traffic: { at: "blue", since: null }, shift: null });
  }, 60_000);
});

describe("watch, where things can't be read", () => {
  it("says so of each, and still ends well", async () => {
    const { place, run } = await placeWithRun({
      traffic: {
        route53: [{ zone: "Z1", records: [{ name: "app.acme.example", type: "A", green: { values: ["192.0.2.2"] } }] }],
      },
    });
    place.sleep = briefly;
    await writeFile(run.journalPath, "not a journal\n");
    const { code, json } = await place.json<WatchSnapshot>("watch", "--once", "--resolver", "127.0.0.1:9");
    expect(code).toBe(0);
    expect(json.journal.trouble).toContain("line 1 is damaged");
    expect(json.portions).toMatchObject({ value: null, trouble: expect.stringContaining("GetHostedZone") });
    expect(json.health.blue.trouble).toContain("kubeconfig");
  }, 60_000);

  it("says that there is no run yet", async () => {
    const { place, run } = await placeWithRun();
    place.sleep = briefly;
    await rm(join(run.dir, ".."), { recursive: true });
    const { code, stdout } = await place.run(["watch", "--once"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("run none yet") });
    await mkdir(join(run.dir, ".."));
  });

  it.each([
    [["--interval", "soon"], "--interval soon is no duration"],
    [["--interval", "1ms"], "--interval 1ms is no duration of 100ms or more"],
    [["--queries", "many"], "--queries many is no whole number"],
    [["--resolver", "ns.example"], "--resolver ns.example is no address"],
  ])("refuses %j", async (argv, what) => {
    const { place } = await placeWithRun();
    const { code, json } = await place.json("watch", ...argv);
    expect({ code, said: json.error.what }).toEqual({ code: 2, said: expect.stringContaining(what) });
  });
});
