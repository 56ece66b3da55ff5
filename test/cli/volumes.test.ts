import { afterAll, describe, expect, it } from "vitest";
import type { PlannedVolume } from "../../src/model/volumes.js";
import { FileJournal, readJournal } from "../../src/run/journal.js";
import { emulatorClients } from "../../src/sandbox/aws/clients.js";
import { openTestAws } from "../aws/moto.js";
import { type ClaimShape, cloudAt, makeVolume, region } from "../proofs/volumes/world.js";
import { now } from "../run/evidence.js";
import { configHashOf, configuredPlace } from "./place.js";
import { writeSoundRun } from "./sound-run.js";

const aws = await openTestAws();
afterAll(async () => {
  if (!("missing" in aws)) await aws.close();
});

const shape: ClaimShape = { name: "data", strategy: "copy", source: "csi", zone: "a", type: "gp3", size: 5 };
const planned = (name: string, parts: Partial<PlannedVolume>): PlannedVolume => ({
  claim: { group: "", kind: "PersistentVolumeClaim", namespace: "shop", name },
  ...{ strategy: "fresh", rule: "not-stopped", reason: "Nothing stops it.", users: [], ...parts },
});

describe.skipIf("missing" in aws)("clustershift volumes", () => {
  async function placeWithVolumes(lost?: string) {
    if ("missing" in aws) throw new Error(aws.missing);
    const { ec2 } = emulatorClients(aws.front.internalEndpoint, region);
    const handle = lost ?? (await makeVolume(ec2, shape));
    ec2.destroy();
    const place = await configuredPlace("kubeconfig.yaml", {
      record: { green: false },
      aws: { region, endpoint: aws.front.endpoint },
    });
    place.ahead = now - Date.now();
    const zone = { from: `${region}a`, to: `${region}b` };
    const volumes = [
      planned("data", { strategy: "copy", rule: "zone-moved", handle, volume: "pv-1", size: "5Gi", zone }),
      planned("cache", {}),
    ];
    const run = await writeSoundRun(place.dir, await configHashOf(place), { plan: { volumes } });
    return { place, run, handle, front: aws.front };
  }

  it("takes snapshots ahead, of what moves alone, once more each time that it's asked", async () => {
    const { place, run, handle, front } = await placeWithVolumes();
    const inside = cloudAt(front.internalEndpoint);
    const taken = async () =>
      (await inside.snapshots.tagged({ "clustershift:claim": "shop/data" })).filter(
        ({ state }) => state === "completed",
      );
    const before = (await taken()).length;
    expect(await place.run(["volumes", "sync", "--dry-run"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`1 volume.*\n {2}${handle} of shop/data 5Gi`)),
    });
    const journalled = (await readJournal(run.journalPath)).length;
    expect((await taken()).length).toBe(before);
    for (const round of [1, 2]) {
      expect(await place.run(["volumes", "sync"])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("1 of 1 snapshot(s) are complete."),
      });
      expect((await taken()).length).toBe(before + round);
    }
    expect((await readJournal(run.journalPath)).length).toBe(journalled + 6);
    const { json } = await place.json<{ volumes: { claim: string; snapshot?: { snapshot: string } }[] }>(
      "volumes",
      "status",
    );
    expect(json.volumes.map(({ claim, snapshot }) => [claim, snapshot?.snapshot !== undefined])).toEqual([
      ["shop/data", true],
      ["shop/cache", false],
    ]);
    expect((await place.run(["volumes", "status"])).stdout).toMatch(new RegExp(`shop/data +copy +${handle} +snap-`));
    inside.close();
  });

  it("restores nothing where the plan leaves nothing to Velero, and refuses what is of another action", async () => {
    const { place } = await placeWithVolumes();
    expect(await place.run(["volumes", "restore"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("leaves no volume to Velero"),
    });
    expect(await place.run(["volumes", "sync", "--backup", "b"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--backup is of volumes restore alone"),
    });
  });

  it("says what failed, and settles nothing", async () => {
    const { place, run } = await placeWithVolumes("vol-0123456789abcdef0");
    expect(await place.run(["volumes", "sync"])).toMatchObject({
      code: 37,
      stdout: expect.stringMatching(/NOT shop\/data: CreateSnapshot of vol-0123456789abcdef0 failed/),
    });
    expect((await readJournal(run.journalPath)).at(-1)).toMatchObject({ type: "failed" });
  });

  it("asks for an approved plan, and for traffic that is at blue", async () => {
    const { place, run } = await placeWithVolumes();
    const journal = await FileJournal.open(run.journalPath, () => new Date(now));
    await journal.append({ type: "event", phase: "cutover", event: "completed", data: {} });
    await journal.close();
    expect(await place.json("volumes", "sync")).toMatchObject({ code: 28, json: { error: { code: "traffic-moved" } } });
  });
});
