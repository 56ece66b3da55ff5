import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import type { ForwardScene } from "../../../src/commands/shared/acts/act.js";
import type { Project } from "../../../src/commands/shared/project.js";
import { parseConfig } from "../../../src/config/parse.js";
import { blueHandOverPermissions } from "../../../src/kube/permissions.js";
import type { HeldObject } from "../../../src/model/held.js";
import type { Journal, JournalEntry } from "../../../src/model/journal.js";
import { type KubeObject, refOf } from "../../../src/model/objects.js";
import type { Plan } from "../../../src/model/plan.js";
import { quiet } from "../../../src/replay/holds/quiet.js";
import { RunFolder } from "../../../src/run/run-folder.js";
import { chooseExclusive, planned } from "../../../src/workloads/exclusive/choose.js";
import { Hand, marked, open, servers } from "../../replay/servers.js";
import { soundEvidence } from "../../run/evidence.js";
import { memoryJournal } from "../journal.js";
import { fakeNode } from "../servers.js";

const identity = "system:serviceaccount:clustershift:clustershift-blue-hand-over";

/** Two real clusters with a namespace of the test's own, and blue with the real role of the hand-over. */
export class World {
  readonly mark = `exclusive-${randomBytes(4).toString("hex")}`;
  /** What is exclusive: everything that carries the label. */
  readonly labels = { exclusive: this.mark };
  readonly warnings: string[] = [];
  timeout = "60s";
  /** Names of what is stopped before any traffic moves. */
  first: string[] = [];
  /** Contexts' files; a test may make them lead nowhere. */
  blueFile = "";
  greenFile = "";
  blue!: Hand;
  green!: Hand;
  private dir = "";
  private plan!: Plan;
  private held: HeldObject[] = [];

  private readonly shared: KubeObject[] = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: this.mark } },
    fakeNode(this.mark),
  ];

  async open(): Promise<void> {
    this.dir = await mkdtemp(join(tmpdir(), "exclusive-"));
    const [blue, green] = await Promise.all([servers?.blueFile, servers?.greenFile].map((file) => open(file ?? "")));
    if (!blue || !green) throw new Error("no servers");
    this.blue = new Hand(blue);
    this.green = new Hand(green);
    for (const object of blueHandOverPermissions()) await this.blue.write(object, "admin");
    for (const hand of [this.blue, this.green]) for (const object of this.shared) await hand.write(object);
    this.blueFile = await this.file("blue.yaml", servers?.blueFile ?? "", { as: identity });
    this.greenFile = await this.file("green.yaml", servers?.greenFile ?? "", {});
  }

  async close(): Promise<void> {
    for (const hand of [this.blue, this.green]) {
      for (const object of this.shared) await hand?.remove(object);
      await hand?.server.close();
    }
    await rm(this.dir, { recursive: true, force: true });
  }

  /** A kubeconfig like another one, in somebody's name, or that leads nowhere. */
  async file(name: string, like: string, { as, server }: { as?: string; server?: string }): Promise<string> {
    const config = parse(await readFile(like, "utf8"));
    for (const { user } of config.users) if (as) user.as = as;
    for (const { cluster } of config.clusters) if (server) cluster.server = server;
    await writeFile(join(this.dir, name), stringify(config));
    return join(this.dir, name);
  }

  /** Puts objects on blue, and on green held; and plans for what blue then has. */
  async bring(...objects: KubeObject[]): Promise<void> {
    const live: KubeObject[] = [];
    for (const object of objects) {
      live.push(await this.blue.write(object, "helm"));
      const made = quiet(object);
      if (!made) throw new Error(`${object.metadata.name} is at rest`);
      const { object: held, ...field } = made;
      await this.green.write(held, "helm");
      this.held.push({
        object: refOf(object),
        apiVersion: object.apiVersion,
        hold: "test",
        until: "cutover",
        ...field,
      });
    }
    const { clusterId } = await this.blue.server.info();
    const { plan } = soundEvidence();
    const exclusive = chooseExclusive([{ name: "test", reason: "", select: { labels: this.labels } }], live).exclusive;
    this.plan = {
      ...plan,
      blue: { ...plan.blue, clusterId },
      exclusive: exclusive.map((each) => ({
        ...planned(each),
        ...(this.first.includes(each.workload.metadata.name) && { first: true }),
      })),
    };
  }

  /** Forgets what was brought, and takes it away. */
  async clear(): Promise<void> {
    for (const { apiVersion, object } of this.held) {
      const metadata = { name: object.name, namespace: this.mark };
      for (const hand of [this.blue, this.green]) await hand.remove({ apiVersion, kind: object.kind, metadata });
    }
    this.held = [];
  }

  /** As a cutover has it that has moved all traffic; entries are the journal's. */
  async scene(entries: JournalEntry[], journal: Journal = memoryJournal(entries)): Promise<ForwardScene> {
    const sound = soundEvidence();
    const { clusterId } = await this.green.server.info();
    const run = new RunFolder(this.dir, "20261128T220000Z");
    const record = { ...sound.green, clusterId, kubeconfig: this.greenFile, context: this.green.server.name };
    const held = { format: 1 as const, at: "", green: { clusterId }, objects: this.held };
    await run.write("green.json", record);
    await run.write("plan.json", this.plan);
    await run.write("held.json", held);
    const config = parseConfig(
      stringify({
        ...{ apiVersion: "clustershift.dev/v1", environment: "test", blue: { name: "b", context: "b" } },
        green: { name: "g", version: "1.35", stack: { kind: "sandbox" } },
        workloads: {
          exclusive: {
            kubeconfig: this.blueFile,
            context: this.blue.server.name,
            timeout: this.timeout,
            rules: [{ name: "test", reason: "it is one", select: { labels: this.labels } }],
          },
        },
      }),
      "clustershift.yaml",
    );
    const edges = {
      env: {},
      now: () => new Date(),
      signal: new AbortController().signal,
      sleep: (ms: number) => sleep(Math.min(ms, 200)),
    };
    const progress = { tick: () => {}, line: () => {}, warn: (text: string) => this.warnings.push(text) };
    return {
      project: { config, dir: this.dir, file: "clustershift.yaml" } as Project,
      run,
      journal,
      record,
      context: { edges, progress } as unknown as ForwardScene["context"],
      evidence: { ...sound, plan: this.plan, held, journal: [] },
      green: this.green.server,
      blue: marked(this.mark, this.blue.server),
    };
  }

  /** The value of a switch. */
  async at(hand: Hand, object: KubeObject): Promise<unknown> {
    const { spec } = (await hand.read(object)) as { spec?: { replicas?: number; suspend?: boolean } };
    return object.kind === "CronJob" ? spec?.suspend : spec?.replicas;
  }

  /** Who has which fields, without when and without status. */
  async managers(object: KubeObject) {
    const fields = (await this.blue.read(object))?.metadata.managedFields as {
      subresource?: string;
      manager: string;
      operation: string;
      fieldsV1: object;
    }[];
    return fields
      .filter(({ subresource }) => subresource !== "status")
      .map(({ manager, operation, fieldsV1 }) => ({ manager, operation, fieldsV1 }));
  }
}
