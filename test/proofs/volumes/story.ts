import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateSubnetCommand, CreateVpcCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { parse, stringify } from "yaml";
import type { Report } from "../../../scripts/proofs.js";
import type { Volume, VolumesApi } from "../../../src/aws/volumes.js";
import type { ForwardScene } from "../../../src/commands/shared/acts/act.js";
import { carryOutActs, planActs, takeActsBack } from "../../../src/commands/shared/acts/index.js";
import { exclusivesOf } from "../../../src/commands/shared/exclusives.js";
import { plannedVolumes } from "../../../src/commands/shared/planned-volumes.js";
import type { Project } from "../../../src/commands/shared/project.js";
import { replayRules } from "../../../src/commands/shared/replay-rules.js";
import { configuredNeeds } from "../../../src/commands/shared/teardown/protections.js";
import { matched, termsOf } from "../../../src/commands/shared/volumes.js";
import { parseConfig } from "../../../src/config/parse.js";
import { blueHandOverPermissions } from "../../../src/kube/permissions.js";
import type { HeldObject } from "../../../src/model/held.js";
import type { JournalEntry } from "../../../src/model/journal.js";
import { type KubeObject, type ObjectRef, refKey, refOf } from "../../../src/model/objects.js";
import { isMoved, type PlannedVolume } from "../../../src/model/volumes.js";
import { planReplay, replay } from "../../../src/replay/replay.js";
import { RunFolder } from "../../../src/run/run-folder.js";
import { emulatorClients } from "../../../src/sandbox/aws/clients.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { launchGroup } from "../../../src/sandbox/aws/instances.js";
import { mentionsOf } from "../../../src/sweep/mentions.js";
import { claims, nameOf, volumes as persistentVolumes } from "../../../src/volumes/edges.js";
import { boundNow, stepOf } from "../../../src/volumes/history.js";
import { settleVolumes } from "../../../src/volumes/settle.js";
import { shareVolumes } from "../../../src/volumes/share.js";
import { resultOf } from "../../../src/volumes/step.js";
import { Hand, marked, only, open } from "../../replay/servers.js";
import { soundEvidence } from "../../run/evidence.js";
import { memoryJournal } from "../../workloads/journal.js";
import { fakeNode, until } from "../../workloads/servers.js";
import { startAttacher } from "./attacher.js";
import { wrongsOf } from "./judge.js";
import { ebsOthers, movedShapes, otherObjects, others, workloads } from "./thirty.js";
import { cloudAt, lineage, makeVolume, objectsOf, quickClock, region, terms } from "./world.js";

const identity = "system:serviceaccount:clustershift:clustershift-blue-hand-over";

export interface StoryFigures {
  claims: number;
  strategies: Record<string, number>;
  /** How many volumes and snapshots there were at the end, of how many of blue's. */
  ended: { blues: number; copies: number; snapshots: number };
  seconds: Record<string, number>;
  wrong: string[];
}

/** A whole cutover of 30 claims between two real clusters, its way back, another cutover, and what a teardown settles. */
export async function thirtyClaims(
  front: AwsFront,
  files: { blue: string; green: string },
  report: Report,
): Promise<StoryFigures> {
  const mark = `volumes-${randomBytes(4).toString("hex")}`;
  const dir = await mkdtemp(join(tmpdir(), "clustershift-volumes-"));
  const [blueServer, greenServer] = await Promise.all([open(files.blue), open(files.green)]);
  const [blue, green] = [new Hand(blueServer), new Hand(greenServer)];
  const { ec2, route53 } = emulatorClients(front.internalEndpoint, region);
  const inside = cloudAt(front.internalEndpoint);
  const shared: KubeObject[] = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: mark } }, fakeNode(mark)];
  const wrong: string[] = [];
  const seconds: Record<string, number> = {};
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const began = Date.now();
    const result = await work();
    seconds[what] = Math.round((Date.now() - began) / 100) / 10;
    report(`${what}: ${seconds[what]}s, ${wrong.length} wrong`);
    return result;
  };
  const check = (what: string, is: boolean) => {
    if (!is) wrong.push(what);
  };
  let attacher: ReturnType<typeof startAttacher> | undefined;
  try {
    for (const hand of [blue, green]) for (const object of shared) await hand.write(object);
    for (const object of blueHandOverPermissions()) await blue.write(object, "admin");
    const instances = await instancesOf(ec2);
    attacher = startAttacher(
      [
        { kube: marked(mark, blueServer), instances: instances.blue },
        { kube: marked(mark, greenServer), instances: instances.green },
      ],
      ec2,
    );

    const ids = new Map<string, string>();
    for (const shape of movedShapes) ids.set(shape.name, await makeVolume(ec2, shape));
    for (const name of ebsOthers)
      ids.set(name, await makeVolume(ec2, { name, strategy: "copy", source: "csi", zone: "a", type: "gp3", size: 10 }));
    const idOf = (name: string) => ids.get(name) ?? "";
    const bluesObjects = [
      ...movedShapes.flatMap((shape) => objectsOf(shape, mark, idOf(shape.name))),
      ...otherObjects(mark, idOf),
      ...workloads(mark, mark, { exclusive: mark }),
    ];
    await timed("blue is there", async () => {
      for (const object of bluesObjects) await blue.write(object, "helm");
      await until("blue's volumes are attached", async () =>
        (await inside.volumes(movedShapes.map(({ name }) => idOf(name)))).every(({ state }) => state === "in-use"),
      );
    });
    const originals = new Map<string, Volume>();
    for (const { name } of movedShapes)
      for (const each of await inside.volumes([idOf(name)])) originals.set(name, each);

    const config = parseConfig(
      stringify({
        ...{ apiVersion: "clustershift.dev/v1", environment: "test", blue: { name: terms.blue, context: "b" } },
        green: { name: terms.green, version: "1.35", stack: { kind: "sandbox" } },
        aws: { region, endpoint: front.endpoint },
        volumes: {
          checksum: { run: [process.execPath, lineage] },
          zones: { [`${region}c`]: `${region}b` },
          rules: [
            { name: "fast", reason: "they are copied", select: { storageClass: "io2" }, strategy: "copy" },
            { name: "caches", reason: "they fill again", select: { name: "cache-*" }, strategy: "fresh" },
          ],
        },
        workloads: {
          exclusive: {
            kubeconfig: await asHandOver(files.blue, dir),
            context: blueServer.name,
            timeout: "60s",
            rules: [{ name: "one", reason: "it is one", select: { labels: { exclusive: mark } } }],
          },
        },
      }),
      "clustershift.yaml",
    );
    const project = { config, dir, file: "clustershift.yaml" } as Project;
    const run = new RunFolder(dir, "20261128T220000Z");
    const { plan, objects } = await planned(project, mark, blueServer, greenServer);
    const strategies = strategiesOf(plan);
    for (const { claim, strategy } of plan.filter((each) => !isMoved(each)))
      check(`${claim.name} is ${strategy}`, others[claim.name as keyof typeof others] === strategy);
    for (const { claim, strategy } of plan.filter(isMoved))
      check(`${claim.name} is ${strategy}`, movedShapes.find(({ name }) => name === claim.name)?.strategy === strategy);

    const sound = soundEvidence();
    const [blueId, greenId] = [(await blueServer.info()).clusterId, (await greenServer.info()).clusterId];
    const exclusive = exclusivesOf(objects, project, { listed: () => [], serves: () => true }).exclusive.planned;
    const wholePlan = { ...sound.plan, blue: { ...sound.plan.blue, clusterId: blueId }, exclusive, volumes: plan };
    await run.write("plan.json", wholePlan);
    const held: HeldObject[] = [];
    await timed("replay", async () => {
      const source = await only(mark, blueServer, greenServer);
      await replay(source, await replayRules(project, run), {
        green: greenServer,
        concurrency: 8,
        onPrepared: async (departures) => {
          for (const { object, held: field } of departures)
            if (field) held.push({ object: refOf(object), apiVersion: object.apiVersion, ...field });
        },
      });
    });
    for (const { planned: each } of matched(plan.filter(isMoved), objects).all)
      check(`${each.claim.name} waits on green`, (await phaseOf(greenServer, each.claim)) === "Pending");

    const entries: JournalEntry[] = [];
    const journal = memoryJournal(entries);
    const sharedOnes = matched(
      plan.filter(({ strategy }) => strategy === "shared"),
      objects,
    ).all;
    const sharing = await shareVolumes(sharedOnes, run.id, { green: greenServer, journal, clock: quickClock });
    wrong.push(...sharing.flatMap(({ failed }) => failed ?? []));

    const record = { ...sound.green, clusterId: greenId, kubeconfig: files.green, context: greenServer.name };
    await run.write("green.json", record);
    const heldRecord = { format: 1 as const, at: "", green: { clusterId: greenId }, objects: held };
    await run.write("held.json", heldRecord);
    const edges = {
      env: { LINEAGE_ENDPOINT: front.internalEndpoint },
      now: () => new Date(),
      signal: new AbortController().signal,
      sleep: quickClock.sleep,
      random: Math.random,
    };
    const progress = { tick: () => {}, line: () => {}, warn: (text: string) => wrong.push(`warned: ${text}`) };
    const scene: ForwardScene = {
      ...{ project, run, journal, record, green: greenServer, blue: marked(mark, blueServer) },
      context: { edges, progress } as unknown as ForwardScene["context"],
      evidence: { ...sound, plan: wholePlan, held: heldRecord, journal: entries },
    };
    const moved = matched(plan.filter(isMoved), objects).all;
    const judgeForth = async (round: number) => {
      wrong.push(...(await wrongsOf(moved, { cloud: inside, green: greenServer, run: run.id, round, originals })));
      await until(
        "green's volumes are attached",
        async () => (await attachedTo(inside, moved, boundNow(entries), instances.green)).length === 0,
      ).catch((error: unknown) => wrong.push(String(error)));
    };

    const begun = entries.length;
    const shown = (await planActs("after", scene)).lines;
    check(
      "a dry run names each volume that moves",
      moved.every(({ planned: { handle = "?" } }) => shown.some((line) => line.includes(handle))),
    );
    check("a dry run writes nothing", entries.length === begun);
    const forth = await timed("cutover", () => carryOutActs("after", scene));
    check(`the cutover failed: ${forth.lines.join(" ")}`, !forth.failed);
    await judgeForth(1);
    wrong.push(...(await restWrongs(plan, greenServer)));
    const { length } = entries;
    await carryOutActs("after", scene);
    check("the same again does nothing", entries.length === length);
    const compared = moved.filter(
      ({ planned: { claim, handle } }) =>
        resultOf<{ sum: string }>(entries, stepOf(1, "compare", nameOf(claim)))?.sum === handle,
    );
    check(`${compared.length} volumes had their checksum compared`, compared.length === moved.length);

    const back = await timed("rollback", () => takeActsBack(scene));
    check(`the rollback left something: ${back.lines.join(" ")}`, !back.blueLacks);
    await until("blue has its volumes again", async () =>
      (await inside.volumes(movedShapes.map(({ name }) => idOf(name)))).every(
        ({ attachedTo: [instance] }) => instance !== undefined && [...instances.blue.values()].includes(instance),
      ),
    ).catch((error: unknown) => wrong.push(String(error)));
    const copies = movedShapes.filter(({ strategy }) => strategy === "copy").length;
    const ours = { "clustershift:run": run.id };
    check("the copies are kept", (await inside.tagged(ours)).length === copies);
    check("the copies are listed", back.lines.filter((line) => /^ {2}vol-/.test(line)).length === copies);

    const again = await timed("cutover again", () => carryOutActs("after", scene));
    check(`the second cutover failed: ${again.lines.join(" ")}`, !again.failed);
    await judgeForth(2);
    check("the earlier copies are kept", (await inside.tagged(ours)).length === 2 * copies);

    await timed("teardown settles", async () => {
      const needed = configuredNeeds(config, record, entries);
      for (const { handle, strategy, volume } of boundNow(entries)) {
        if (strategy === "hand-over") check(`${handle} is protected by the journal`, needed.has(handle));
        const live = await greenServer.get(persistentVolumes, volume);
        if (strategy !== "shared") check(`${handle} is protected by green`, mentionsOf(live).includes(handle));
      }
      const cloud = cloudAt(front.endpoint);
      const { failed } = await settleVolumes(termsOf(project, run), { cloud, green: greenServer, journal });
      cloud.close();
      wrong.push(...failed);
      for (const {
        planned: { volume = "", strategy },
      } of moved) {
        const live = await greenServer.get(persistentVolumes, volume);
        const { persistentVolumeReclaimPolicy: policy } = (live?.spec ?? {}) as {
          persistentVolumeReclaimPolicy?: string;
        };
        check(`${volume}, ${strategy}: ${policy}`, policy === "Delete");
      }
      const blues = await inside.tagged({ KubernetesCluster: terms.blue });
      const handed = moved
        .filter(({ planned: { strategy } }) => strategy === "hand-over")
        .map(({ planned: { handle } }) => handle);
      check("no volume that green has is tagged as blue's", !blues.some(({ id }) => handed.includes(id)));
    });
    wrong.push(...attacher.refused.filter((line) => line.includes("no node")));
    const blues = await inside.volumes([...ids.values()]);
    check("each of blue's volumes is there", blues.length === ids.size);
    const ended = {
      blues: blues.length,
      copies: (await inside.tagged(ours)).length,
      snapshots: (await inside.snapshots.tagged(ours)).length,
    };
    check(
      `copies and snapshots are two for each: ${JSON.stringify(ended)}`,
      ended.copies === 2 * copies && ended.snapshots === 2 * copies,
    );
    return { claims: plan.length, strategies, ended, seconds, wrong };
  } finally {
    await attacher?.stop();
    for (const hand of [blue, green]) {
      for (const object of shared) await hand.remove(object);
      await hand.server.close();
    }
    inside.close();
    for (const client of [ec2, route53]) client.destroy();
    await rm(dir, { recursive: true, force: true });
  }
}

/** One instance of each cluster in each zone that it has. */
async function instancesOf(ec2: EC2Client): Promise<Record<"blue" | "green", Map<string, string>>> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const subnets: { zone: string; subnetId: string }[] = [];
  for (const [index, letter] of ["a", "b", "c"].entries()) {
    const zone = `${region}${letter}`;
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: zone }),
    );
    subnets.push({ zone, subnetId: Subnet?.SubnetId ?? "" });
  }
  const launch = async (colour: "blue" | "green", its: typeof subnets) => {
    const group = { cluster: terms[colour], colour, group: "nodes", count: its.length, subnets: its };
    return new Map((await launchGroup(ec2, group)).map(({ zone, id }) => [zone, id]));
  };
  return { blue: await launch("blue", subnets), green: await launch("green", subnets.slice(0, 2)) };
}

/** A kubeconfig of blue's in the hand-over's name. */
async function asHandOver(kubeconfig: string, dir: string): Promise<string> {
  const config = parse(await readFile(kubeconfig, "utf8"));
  for (const { user } of config.users) user.as = identity;
  const file = join(dir, "hand-over.yaml");
  await writeFile(file, stringify(config));
  return file;
}

/** What a plan says of the claims, by blue's own objects. */
async function planned(
  project: Project,
  mark: string,
  blue: Parameters<typeof only>[1],
  green: Parameters<typeof only>[2],
): Promise<{ plan: PlannedVolume[]; objects: KubeObject[] }> {
  const source = await only(mark, blue, green);
  const objects: KubeObject[] = [];
  for (const { resource } of source.kinds) for await (const object of source.objects(resource)) objects.push(object);
  const { resources } = await green.discover();
  const { prepared, deciding } = await planReplay(source, await replayRules(project), resources);
  const arrivals = new Map(
    prepared.departures.map((each): [string, ObjectRef] => [refKey(each.source), refOf(each.object)]),
  );
  const { exclusive } = exclusivesOf(objects, project, deciding.inventory);
  const zones = { [`${region}a`]: 1, [`${region}b`]: 1 };
  const nodes = { name: "nodes", role: "worker" as const, zones, labels: {}, taints: [] };
  const decided = { settled: prepared.settled, deployers: [], dangling: [], configured: [] };
  const topology = { zones: Object.keys(zones), groups: [nodes] };
  return { plan: plannedVolumes(project, { objects, decided, exclusive, arrivals }, topology), objects };
}

function strategiesOf(plan: readonly PlannedVolume[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { strategy } of plan) counts[strategy] = (counts[strategy] ?? 0) + 1;
  return counts;
}

async function phaseOf(kube: Parameters<typeof only>[2], { name, namespace }: ObjectRef): Promise<string | undefined> {
  const claim = await kube.get(claims, name, namespace);
  return (claim?.status as { phase?: string } | undefined)?.phase;
}

/** Volumes of green's claims that none of its instances has. */
async function attachedTo(
  cloud: VolumesApi,
  moved: readonly { planned: PlannedVolume }[],
  bound: ReturnType<typeof boundNow>,
  instances: ReadonlyMap<string, string>,
): Promise<string[]> {
  const handles = new Map(bound.map(({ claim, handle }) => [claim, handle]));
  const wanted = moved.map(({ planned: { claim } }) => handles.get(nameOf(claim)) ?? "");
  const found = await cloud.volumes(wanted);
  return wanted.filter((id) => {
    const volume = found.find((each) => each.id === id);
    return !volume || volume.attachedTo[0] !== instances.get(volume.zone);
  });
}

/** What isn't as it must be of claims that don't move. */
async function restWrongs(plan: readonly PlannedVolume[], green: Parameters<typeof only>[2]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { claim, strategy, handle, volume = "" } of plan) {
    if (strategy === "copy" || strategy === "hand-over") continue;
    const live = await green.get(claims, claim.name, claim.namespace);
    const { volumeName } = (live?.spec ?? {}) as { volumeName?: string };
    const phase = await phaseOf(green, claim);
    const its = volumeName === undefined ? undefined : await green.get(persistentVolumes, volumeName);
    if (
      strategy === "shared" &&
      (phase !== "Bound" || volumeName !== volume || !JSON.stringify(its?.spec).includes(handle?.split(":")[0] ?? "?"))
    )
      wrong.push(`${claim.name} is ${phase} and doesn't share ${handle}`);
    if (strategy === "fresh" && (volumeName !== undefined || phase !== "Pending"))
      wrong.push(`${claim.name} isn't empty: ${volumeName}`);
    if (strategy === "leave" && mentionsOf(its).some((each) => each.startsWith("vol-")))
      wrong.push(`${claim.name} has a disk of blue's`);
  }
  return wrong;
}
