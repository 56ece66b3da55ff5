import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import type { Context } from "../../../src/commands/shared/command.js";
import { openProject } from "../../../src/commands/shared/project.js";
import { stringify as stringifyJson } from "../../../src/kube/json.js";
import type { JournalRecord } from "../../../src/model/journal.js";
import type { Plan } from "../../../src/model/plan.js";
import { planHash } from "../../../src/model/plan.js";
import { FileJournal } from "../../../src/run/journal.js";
import { RunFolder, type StateFiles } from "../../../src/run/run-folder.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { writeSoundRun } from "../../cli/sound-run.js";
import { Workplace } from "../../harness/clustershift.js";
import { now, soundEvidence } from "../../run/evidence.js";
import { createWorld, region, small, type World } from "../../traffic/world.js";
import { isEffect } from "../cutover/effects.js";
import { type FakeCluster, fakeCluster } from "./fake-cluster.js";
import type { Ending, Situation } from "./situation.js";

/** A run that is ready to be cut over, of which a situation may spoil one thing. */
export interface Scene {
  place: Workplace;
  run: RunFolder;
  blue: FakeCluster;
  green: FakeCluster;
  change<Name extends keyof StateFiles>(name: Name, change: (value: StateFiles[Name]) => object): Promise<void>;
  /** Another plan, to which its approval and the smoke test fit. */
  agree(parts: Partial<Plan>): Promise<void>;
  journal(...records: JournalRecord[]): Promise<void>;
  /** Moves the clock by so many milliseconds. */
  jump(ms: number): void;
}

/** Where the real command is run: a folder for each kind of configuration, two clusters, and the emulator. */
export interface Workshop {
  world: World;
  /** A sound run in a folder of its own, for whoever does something else than a cutover with it. */
  openScene(): Promise<Scene>;
  attempt(situation: Situation<Scene>): Promise<Ending>;
  close(): Promise<void>;
}

export interface WorkshopOptions {
  name: string;
  /** Laid over the configuration's top level. */
  config?: object;
  /** Laid over its traffic. */
  traffic?: object;
  /** Does what is needed besides for the run to be sound. */
  ready?(scene: Scene): Promise<void>;
}

export async function openWorkshop(
  front: AwsFront,
  { name, config = {}, traffic = {}, ready }: WorkshopOptions,
): Promise<Workshop> {
  const world = await createWorld(front, name, { ...small, addresses: 0 });
  const dir = await mkdtemp(join(tmpdir(), "clustershift-unsafe-"));
  const { plan, green: record } = soundEvidence();
  const blue = await fakeCluster(plan.blue.clusterId, plan.blue.version);
  const green = await fakeCluster(record.clusterId, record.version);
  const template = join(dir, "template");
  await mkdir(template);
  await writeFile(join(template, "blue.kubeconfig"), blue.kubeconfig);
  await writeFile(join(template, "clustershift.yaml"), stringify({ ...usual(name, world, front, traffic), ...config }));
  const context = { args: { config: "clustershift.yaml" }, edges: { cwd: template } } as Context;
  const { configHash } = await openProject(context);
  const run = await writeSoundRun(template, configHash, { green: { context: "fake" } });
  await writeFile(run.path(record.kubeconfig), green.kubeconfig);
  let number = 0;

  const openScene = async (): Promise<Scene> => {
    const copy = join(dir, String(++number));
    await cp(template, copy, { recursive: true });
    const place = new Workplace(copy, { PATH: "", HOME: dir, XDG_STATE_HOME: join(dir, "state") });
    place.ahead = now - Date.now();
    place.sleep = async (ms) => {
      place.ahead += ms;
    };
    return sceneIn(place, new RunFolder(join(copy, "runs"), run.id), blue, green);
  };
  return {
    world,
    openScene,
    async attempt({ make }) {
      const scene = await openScene();
      await ready?.(scene);
      const before = await world.snapshot();
      let effects = 0;
      const observe: AwsFront["observers"][number] = (seen) => {
        effects += Number(isEffect(seen));
      };
      try {
        await make(scene);
        front.observers.push(observe);
        const { code, json } = await scene.place.json("cutover");
        const writes = blue.writes.length;
        const untouched = isDeepStrictEqual(await world.snapshot(), before) && writes === 0;
        return {
          code: code === 0 ? "done" : json.outcome,
          what: json.error?.what ?? "",
          effects,
          untouched,
        };
      } finally {
        front.observers.splice(front.observers.indexOf(observe), 1);
        blue.reset();
        green.reset();
        await world.reset();
        await rm(scene.place.dir, { recursive: true, force: true });
      }
    },
    async close() {
      blue.close();
      green.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function usual(name: string, { zoneId }: World, front: AwsFront, traffic: object): object {
  return {
    apiVersion: "clustershift.dev/v1",
    environment: "acme production",
    blue: {
      name: "blue.acme.example",
      context: "fake",
      kubeconfig: "blue.kubeconfig",
      teardown: { command: ["true"] },
    },
    green: { name: "acme-1-35", version: "1.35", stack: { kind: "sandbox", sandbox: "none" } },
    aws: { region, endpoint: front.endpoint },
    record: { green: false },
    workloads: { warm: { enabled: false } },
    bundle: { maxAge: "48h" },
    rehearsal: { maxAge: "24h" },
    traffic: {
      route53: [{ zone: zoneId, records: [{ name: `app.${name}`, type: "A", green: { values: ["198.51.100.1"] } }] }],
      steps: [50, 100],
      hold: "1s",
      inconclusiveFor: "0s",
      analysis: [{ kind: "command", name: "all is well", run: ["/bin/true"] }],
      ...traffic,
    },
  };
}

function sceneIn(place: Workplace, run: RunFolder, blue: FakeCluster, green: FakeCluster): Scene {
  const change: Scene["change"] = async (name, changed) => {
    const value = JSON.parse(await readFile(run.path(name), "utf8"));
    await writeFile(run.path(name), stringifyJson(changed(value), 2));
  };
  return {
    ...{ place, run, blue, green, change },
    async agree(parts) {
      let hash = "";
      await change("plan.json", (plan) => {
        const { hash: _, ...rest } = { ...plan, ...parts };
        hash = planHash(rest as Plan);
        return { ...rest, hash };
      });
      await change("approval.json", (approval) => ({ ...approval, planHash: hash }));
      await change("smoke.json", (smoke) => ({ ...smoke, planHash: hash }));
    },
    async journal(...records) {
      const journal = await FileJournal.open(run.journalPath, () => new Date(now));
      for (const record of records) await journal.append(record);
      await journal.close();
    },
    jump(ms) {
      place.ahead += ms;
    },
  };
}
