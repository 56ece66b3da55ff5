import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Proof, Report } from "../../scripts/proofs.js";
import { connect } from "../../src/kube/connect.js";
import type { CloudLook } from "../../src/model/cloud.js";
import type { TeardownReceipt } from "../../src/model/teardown.js";
import type { AwsFront } from "../../src/sandbox/aws/front.js";
import { openTestAws } from "../aws/moto.js";
import { withControlPlanes } from "../harness/control-planes.js";
import { killAtEffect } from "./cutover/doomed.js";
import { isEffect } from "./cutover/effects.js";
import { difference, dump } from "./teardown/dump.js";
import { type GreenAccess, removeAll, type SweepPlace, sweepPlace } from "./teardown/place.js";
import { type Garden, type Green, greenOf, plant } from "./teardown/plant.js";
import { becomesGreens } from "./teardown/races.js";

const most = { orphans: 30, survivors: 50 };

/**
 * In a real emulator (moto) 30 resources that a gone blue left behind, and more than 50 that only look so, of every kind. The real
 * command finds exactly the 30, and what it's asked to remove; a process of it is killed right before and right after each deletion,
 * and the same command goes on. A whole dump of the emulator before and after differs by exactly the 30.
 *
 * What the emulator can't show: it lets go of everything at once, gives load balancers no interfaces of their own, refuses no deletion
 * for want of a permission, and knows neither requester-managed interfaces nor CloudWatch log groups of EKS; an image's disk is its only
 * user of a snapshot.
 */
export const proof: Proof = {
  name: "teardown-protects",
  summary:
    "A sweep after teardown finds 30 planted orphans and removes just them; killed at every deletion it goes on.",
  run: (report) =>
    withControlPlanes({ green: "1.35.4" }, report, async ({ green }) => {
      const aws = await openTestAws();
      if ("missing" in aws) throw new Error(aws.missing);
      const kube = await connect({ kubeconfig: green.kubeconfigPath, context: "green", env: process.env });
      try {
        const { clusterId } = await kube.info();
        const access = { kubeconfig: green.kubeconfigPath, context: "green", clusterId };
        const figures = await sweepKilled(aws.front, greenOf(kube), access, { report });
        const races = await becomesGreens(aws.front, greenOf(kube), access);
        const { wrong, orphans, survivors, kills } = figures;
        const all = [...wrong, ...races.wrong];
        const enough = orphans === most.orphans && survivors >= most.survivors && kills >= 2 * most.orphans;
        return { holds: all.length === 0 && enough, figures: { ...figures, races: races.raced, wrong: all } };
      } finally {
        await kube.close();
        await aws.close();
      }
    }),
};

export interface SweepFigures {
  orphans: number;
  survivors: number;
  found: number;
  /** Processes that were killed by SIGKILL on the way. */
  kills: number;
  /** Deletions that reached the emulator and were done. */
  deletions: number;
  wrong: string[];
}

export interface KillOptions {
  report?: Report;
  /** Which moments a process is killed at, counted from 0: every one by default. */
  killed?: (moment: number) => boolean;
}

/** Plants, lists, removes with a kill at every moment, and compares everything. */
export async function sweepKilled(
  front: AwsFront,
  green: Green,
  access: GreenAccess,
  { report = () => {}, killed = () => true }: KillOptions = {},
): Promise<SweepFigures> {
  const garden = await plant(front.internalEndpoint, green);
  const swept = await sweepPlace(garden, access, front.endpoint);
  const wrong: string[] = [];
  try {
    const before = await dump(front.internalEndpoint);
    const { json: look } = await swept.place.json<CloudLook>("teardown", "--sweep");
    wrong.push(...misjudged(look, garden));
    if (difference(before, await dump(front.internalEndpoint)).length > 0) wrong.push("a list has changed something");
    report(`${garden.orphans.length} orphans and ${garden.survivors.length} others are planted, ${wrong.length} wrong`);

    let deletions = 0;
    const observe: AwsFront["observers"][number] = (seen) => {
      deletions += Number(seen.ending === "done" && isEffect(seen));
    };
    front.observers.push(observe);
    const kills = await removeKilled(front, swept, garden, killed, report);
    const last = await swept.place.run(removeAll(garden));
    front.observers.splice(front.observers.indexOf(observe), 1);
    if (last.code !== 0) wrong.push(`the last attempt ended with ${last.code}: ${last.stdout}${last.stderr}`);
    const changed = difference(before, await dump(front.internalEndpoint));
    wrong.push(...unexpected(changed, garden));
    wrong.push(...(await wrongReceipt(swept, garden)));
    const { json: after } = await swept.place.json<CloudLook>("teardown", "--sweep");
    const left = after.resources.filter(({ kept }) => kept === undefined);
    wrong.push(...left.map(({ id }) => `still an orphan: ${id}`));
    return {
      orphans: garden.orphans.length,
      survivors: garden.survivors.length,
      found: look.resources.filter(({ kept }) => kept === undefined).length,
      kills,
      deletions,
      wrong,
    };
  } finally {
    garden.account.close();
    await rm(join(swept.place.dir, ".."), { recursive: true, force: true });
  }
}

/** What a list calls otherwise than it was planted. */
function misjudged({ resources, unseen }: CloudLook, { orphans, survivors }: Garden): string[] {
  const called = new Set(resources.filter(({ kept }) => kept === undefined).map(({ id }) => id));
  return [
    ...orphans.flatMap(({ kind, id, because }) => (called.has(id) ? [] : [`not found: ${kind} ${id} (${because})`])),
    ...survivors.flatMap(({ kind, id, because }) => (called.has(id) ? [`no orphan: ${kind} ${id} (${because})`] : [])),
    ...[...called].flatMap((id) => (orphans.some((each) => each.id === id) ? [] : [`nobody planted ${id}`])),
    ...unseen.map(({ kind, why }) => `not seen: ${kind}: ${why}`),
  ];
}

/** Runs the command, killed before and after each of its effects in turn, until one comes to its end. Returns how often. */
async function removeKilled(
  front: AwsFront,
  { place }: SweepPlace,
  garden: Garden,
  killed: (moment: number) => boolean,
  report: Report,
): Promise<number> {
  let kills = 0;
  // An effect that a process was killed before is the first one of the next: each is met by two, and a process kills its first.
  for (let moment = 0; ; moment++) {
    if (!killed(moment)) return kills;
    const child = place.start(...removeAll(garden));
    const stop = killAtEffect(front, child, moment % 2 === 0 ? "before" : "after", 0);
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
    stop();
    if (code === 0) return kills;
    if (signal !== "SIGKILL") {
      const again = await place.run(removeAll(garden));
      throw new Error(`a sweep ended by itself with ${code}; once more: ${again.code}: ${again.stdout}${again.stderr}`);
    }
    kills++;
    report(`killed ${moment % 2 === 0 ? "before" : "after"} effect ${Math.floor(moment / 2) + 1}`);
  }
}

/** Of what has changed, what isn't an orphan that is gone; and orphans that aren't. A record's registry goes with it. */
function unexpected(changed: readonly string[], { orphans }: Garden): string[] {
  const wanted = new Set(orphans.map(({ id }) => `gone ${id}`));
  const [zone = ""] = orphans.find(({ kind }) => kind === "record")?.id.split("/") ?? [];
  for (const name of ["cname-web", "a-old"]) wanted.add(`gone ${zone}/${name}.acme.example./TXT`);
  return [
    ...changed.filter((each) => !wanted.has(each)).map((each) => `not to be touched: ${each}`),
    ...[...wanted].filter((each) => !changed.includes(each)).map((each) => `not done: ${each}`),
  ];
}

/** The receipt names each that was removed, once, and nothing else. */
async function wrongReceipt({ run }: SweepPlace, { orphans }: Garden): Promise<string[]> {
  const receipt = JSON.parse(await readFile(run.path("teardown.json"), "utf8")) as TeardownReceipt;
  const removed = receipt.removed.map(({ id }) => id).sort();
  const wanted = orphans.map(({ id }) => id).sort();
  return removed.join() === wanted.join() ? [] : [`the receipt says that ${removed.length} were removed: ${removed}`];
}
