import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DeleteSnapshotCommand, DescribeSnapshotsCommand, DescribeVolumesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { allowedIn } from "../../../src/aws/permissions/policy.js";
import { anyScope } from "../../../src/aws/permissions/scope.js";
import { blueBackupPermissions } from "../../../src/kube/permissions.js";
import type { Accounting } from "../../../src/model/accounting.js";
import type { JournalEntry } from "../../../src/model/journal.js";
import { textAt } from "../../../src/model/json.js";
import type { KubeObject } from "../../../src/model/objects.js";
import type { Plan } from "../../../src/model/plan.js";
import { restoredIn } from "../../../src/model/restored.js";
import type { PlannedVolume } from "../../../src/model/volumes.js";
import { readJournal } from "../../../src/run/journal.js";
import { RunFolder } from "../../../src/run/run-folder.js";
import { emulatorClients } from "../../../src/sandbox/aws/clients.js";
import { type Api, apiOf, mergePatch } from "../../../src/sandbox/cluster/api.js";
import { knownBackup } from "../../../src/velero/known-backup.js";
import { claims, volumes } from "../../../src/volumes/edges.js";
import type { VeleroEdges } from "../../../src/volumes/velero/edges.js";
import { restoreVolumes } from "../../../src/volumes/velero/restore.js";
import { calledBetween } from "../../aws/permissions/called.js";
import { Workplace } from "../../harness/clustershift.js";
import { makeVolume, region } from "../../proofs/volumes/world.js";
import { bound, type ClaimSpec, mounting, sources } from "../../volumes/objects.js";
import { Killed, memoryJournal } from "../../workloads/journal.js";
import {
  bucket,
  listOf,
  openAskedAws,
  openVeleroWorld,
  resourceOf,
  untilBound,
  type VeleroWorld,
  write,
} from "./world.js";

const aws = await openAskedAws();

interface EbsClaim extends Omit<ClaimSpec, "source" | "size"> {
  plugin: "csi" | "inTree";
  zone: "a" | "b";
  gibibytes: number;
}

const ebsClaims: readonly EbsClaim[] = [
  { name: "data-db-0", plugin: "inTree", zone: "a", gibibytes: 5, labels: { app: "db" } },
  { name: "data-db-1", plugin: "inTree", zone: "b", gibibytes: 5, labels: { app: "db" } },
  { name: "uploads", plugin: "csi", zone: "a", gibibytes: 8, labels: { app: "web" } },
  { name: "cache", plugin: "inTree", zone: "a", gibibytes: 1, labels: { app: "cache" } },
  ...["kept", "lost"].map(
    (name): EbsClaim => ({ name, namespace: "part", plugin: "inTree", zone: "b", gibibytes: 2, labels: { app: name } }),
  ),
  ...["killed-1", "killed-2", "killed-3"].map(
    (namespace): EbsClaim => ({ name: "data", namespace, plugin: "inTree", zone: "b", gibibytes: 2 }),
  ),
];

/** What lies on a node, of which Velero makes no snapshot. */
const media = bound({
  name: "media",
  namespace: "files",
  source: { hostPath: { path: "/media" } },
  provisioned: false,
});

const database: KubeObject = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "db", namespace: "shop" },
  spec: {
    ...{ replicas: 2, serviceName: "db", selector: { matchLabels: { app: "db" } } },
    template: { metadata: { labels: { app: "db" } }, spec: { containers: [{ name: "db", image: "acme/db" }] } },
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "gp3", resources: { requests: { storage: "5Gi" } } },
      },
    ],
  },
};

/** Its hook can't be run: no kubelet has it. */
const hooked: KubeObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    ...{ name: "hooked", namespace: "hooked" },
    annotations: {
      "pre.hook.backup.velero.io/command": '["/bin/true"]',
      "pre.hook.backup.velero.io/container": "a",
    },
  },
  spec: { containers: [{ name: "a", image: "acme/a" }] },
};

describe.skipIf("missing" in aws)(
  `Velero, driven${"missing" in aws ? ` (skipped: ${aws.missing})` : ""}`,
  { timeout: 300_000 },
  () => {
    if ("missing" in aws) return;
    const { front } = aws;
    const { endpoint, internalEndpoint } = front;
    const { ec2 } = emulatorClients(internalEndpoint, region);
    let world: VeleroWorld;
    let place: Workplace;
    let admin: { api: Api; close(): Promise<void> };
    let run: RunFolder;
    const originals = new Set<string>();

    const volumeCount = async () => (await ec2.send(new DescribeVolumesCommand({}))).Volumes?.length ?? 0;
    const restoresOnGreen = () => listOf(world.onGreen, "velero.io/v1", "Restore");
    const configure = async (changes: Record<string, object>) => {
      const file = join(place.dir, "clustershift.yaml");
      const before = parse(await readFile(file, "utf8").catch(() => "{}")) as Record<string, object>;
      await writeFile(file, stringify({ ...before, ...changes }));
    };
    /** A kubeconfig of blue with the token of the identity that clustershift prints. */
    const identity = async (): Promise<void> => {
      const path = "/api/v1/namespaces/clustershift/serviceaccounts/clustershift-blue-backup/token";
      const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } };
      const { status } = (await admin.api("POST", path, body)) as { status: { token: string } };
      const config = parse(await readFile(world.blue.kubeconfigPath, "utf8")) as { clusters: { name: string }[] };
      const user = { name: "backup", user: { token: status.token } };
      const context = { name: "blue-backup", context: { cluster: config.clusters[0]?.name, user: "backup" } };
      const own = { ...config, users: [user], contexts: [context], "current-context": "blue-backup" };
      await writeFile(join(place.dir, "backup.kubeconfig"), stringify(own));
    };

    beforeAll(async () => {
      world = await openVeleroWorld(front);
      const { dir, blue, onBlue, onGreen } = world;
      admin = apiOf(blue.kubeconfigPath);
      for (const name of ["shop", "files", "hooked", "part", "killed-1", "killed-2", "killed-3"])
        await write(onBlue, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
      for (const { plugin, zone, gibibytes, ...spec } of ebsClaims) {
        const shape = {
          strategy: "copy",
          source: plugin,
          zone,
          type: "gp3",
          size: gibibytes,
          name: spec.name,
        } as const;
        const id = await makeVolume(ec2, shape);
        originals.add(id);
        const source = plugin === "csi" ? sources.csi(id) : sources.inTree(id, `${region}${zone}`);
        const [claim, volume] = bound({ ...spec, source, zone: `${region}${zone}`, size: `${gibibytes}Gi` });
        if (!claim || !volume) throw new Error("a claim and its volume");
        // Velero asks the labels for the zone.
        const labels = { "topology.kubernetes.io/zone": `${region}${zone}` };
        await write(onBlue, { ...volume, metadata: { ...volume.metadata, labels } });
        await write(onBlue, claim);
      }
      for (const object of [...media, database, mounting("web", ["uploads", "cache"]), hooked])
        await write(onBlue, object);
      await untilBound(onBlue);
      await admin.api(
        "PATCH",
        "/api/v1/namespaces/hooked/pods/hooked/status",
        { status: { phase: "Running" } },
        mergePatch,
      );
      for (const zone of ["a", "b"]) {
        const labels = { "topology.kubernetes.io/zone": `${region}${zone}` };
        await write(onGreen, { apiVersion: "v1", kind: "Node", metadata: { name: `node-${zone}`, labels } });
      }
      place = new Workplace(join(dir, "place"));
      await mkdir(place.dir);
      const rule = { reason: "Its backup is young enough", strategy: "velero" };
      await configure({
        ...{ apiVersion: "clustershift.dev/v1", environment: "acme production" },
        blue: { name: "blue.acme.example", context: "blue", kubeconfig: blue.kubeconfigPath },
        green: { name: "acme-1-35", version: "1.35", stack: { kind: "sandbox", sandbox: "none" } },
        aws: { region, endpoint },
        record: { green: false },
        smoke: { checks: [{ kind: "workloads", name: "app answers" }] },
        backup: { velero: { context: "blue-backup", kubeconfig: "backup.kubeconfig" } },
        replay: {
          skip: ["files", "part", "killed-*"].map((namespace) => ({
            ...{ name: namespace.replace("*", "all"), reason: "Brought in another way", select: { namespace } },
          })),
        },
        volumes: {
          rules: [
            { ...rule, name: "databases", select: { namespace: "shop", name: "data-*" } },
            { ...rule, name: "uploads", select: { namespace: "shop", name: "uploads" } },
          ],
        },
      } as unknown as Record<string, object>);
    }, 120_000);

    afterAll(async () => {
      await admin?.close();
      await world?.close();
      ec2.destroy();
      await aws.close();
    });

    it("makes a backup on blue by an identity that can do nothing else, once, and says what isn't in it", async () => {
      const { blue, green, onBlue, onGreen, veleroAt } = world;
      await expect(knownBackup(onGreen, "velero", "whole", Date.now())).rejects.toMatchObject({
        code: "velero-unready",
        message: expect.stringContaining("has no Velero"),
      });
      // It finds what lies in its store a minute after it has begun.
      await veleroAt(green, "velero-green", true);
      const velero = await veleroAt(blue, "velero-blue", false);
      try {
        const printed = (await place.succeed("permissions", "blue-backup")).stdout;
        const objects = printed.split("---\n").map((text) => parse(text) as KubeObject);
        expect(objects).toEqual(blueBackupPermissions());
        for (const object of objects.filter(({ kind }) => kind !== "RoleBinding")) await write(onBlue, object);
        await identity();
        expect(await place.run(["backup", "create", "early"])).toMatchObject({
          code: 3,
          stderr: expect.stringMatching(
            /may not have a backup made: get of backups.velero.io is not allowed.*\n.*blue-backup/,
          ),
        });
        for (const object of objects.filter(({ kind }) => kind === "RoleBinding")) await write(onBlue, object);

        const dry = await place.succeed("backup", "create", "whole", "--dry-run", "--ttl", "48h");
        expect(dry.stdout).toMatch(/kind: Backup[\s\S]*name: whole[\s\S]*ttl: 48h/);
        const partial = await place.run(["backup", "create", "all"]);
        expect(partial).toMatchObject({
          code: 81,
          stdout: expect.stringMatching(
            /all: PartiallyFailed[\s\S]*Error {4}.*hook: pod hooked[\s\S]*under another name/i,
          ),
        });
        const spec = { excludedNamespaces: ["hooked"] };
        await configure({ backup: { velero: { context: "blue-backup", kubeconfig: "backup.kubeconfig", spec } } });
        const made = await place.json<{ phase: string; made: boolean; path: string }>("backup", "create", "whole");
        expect(made).toMatchObject({
          code: 0,
          json: { phase: "Completed", made: true, path: `velero:s3://${bucket}/blue#whole`, errors: 0 },
        });
        expect(await place.run(["backup", "create", "whole"])).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(
            /Completed, of an earlier call[\s\S]*Next: clustershift backup verify velero:s3:/,
          ),
        });
        expect(await place.run(["backup", "create", "whole", "--no-snapshot-volumes"])).toMatchObject({
          code: 2,
          stderr: expect.stringContaining("it's another one"),
        });
        expect(await place.run(["backup", "create", "nowhere", "--include-namespaces", "hooked"])).toMatchObject({
          code: 81,
          stdout: expect.stringMatching(/nowhere: FailedValidation\n[\s\S]*Failed {3}.*hooked/),
        });
        const its = Array.from(originals, (id) => ({ Name: "volume-id", Values: [id] }));
        for (const filter of its) {
          const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ Filters: [filter] }));
          expect(Snapshots, filter.Values[0]).toHaveLength(2);
        }
      } finally {
        await velero.stop();
      }
    });

    it("leaves its claims to Velero, and holds what would make itself empty ones", async () => {
      const { green, onGreen, clusterId } = world;
      const planned = await place.json<{ plan: Plan }>("plan");
      const { plan } = planned.json;
      expect(plan.volumes?.filter(({ strategy }) => strategy === "velero").map(({ claim }) => claim.name)).toEqual([
        ...["data-db-0", "data-db-1", "uploads"],
      ]);
      run = new RunFolder(join(place.dir, "runs"), plan.run);
      await place.succeed("approve", "--by", "Jo");
      await place.succeed("export");
      await run.write("green.json", {
        ...{
          format: 1,
          stack: "none",
          clusterId,
          version: "v1.35.4",
          kubeconfig: green.kubeconfigPath,
          context: "green",
        },
        ...{ readyAt: new Date().toISOString(), addresses: {} },
      });
      await place.succeed("rehearse");
      const migrated = await place.json<{ accounting: Accounting; held: { object: { name: string }; hold: string }[] }>(
        "migrate",
      );
      expect(migrated).toMatchObject({ code: 0 });
      expect(
        migrated.json.held.filter(({ hold }) => hold === "velero-volumes").map(({ object }) => object.name),
      ).toEqual(expect.arrayContaining(["db", "web"]));
      const outcomes = (await readFile(run.path("replay.jsonl"), "utf8"))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(outcomes.filter(({ by }) => by === "left-to-velero")).toHaveLength(3);
      expect(await onGreen.get(claims, "data-db-0", "shop")).toBeUndefined();
      const gate = await place.run(["cutover", "--dry-run"]);
      expect(gate.stdout + gate.stderr).toMatch(/refuses {2}volumes-not-restored: .*3 claim.*shop\/data-db-0/);
      expect((await place.run(["status"])).stdout).toContain("volumes-not-restored");
    });

    it("restores them with their data, and only them; once more nothing is made", async () => {
      const { onGreen, clusterId } = world;
      await expect
        .poll(async () => (await place.run(["volumes", "restore", "--backup", "whole", "--dry-run"])).code, {
          timeout: 150_000,
        })
        .toBe(0);
      expect(await place.run(["volumes", "restore"])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("Nothing says"),
      });
      expect(await place.run(["volumes", "restore", "--backup", "missing"])).toMatchObject({
        code: 80,
        stderr: expect.stringContaining("knows no backup missing"),
      });
      const before = await volumeCount();
      const calls = aws.front.counts();
      const restored = await place.run(["volumes", "restore", "--backup", "whole"]);
      const allowed = allowedIn("restore", anyScope).map(([, action]) => action);
      expect(calledBetween(calls, aws.front.counts())).toEqual(allowed.sort());
      expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining("3 of 3 claim(s) are on green") });
      expect(await volumeCount()).toBe(before + 3);
      const names = (await restoresOnGreen()).map(({ metadata }) => metadata.name);
      expect(names).toEqual([`clustershift-${run.id.toLowerCase()}-shop-1`]);
      const cache = await onGreen.get(claims, "cache", "shop");
      expect(cache?.metadata.labels).not.toHaveProperty("velero.io/restore-name");
      for (const name of ["data-db-0", "data-db-1", "uploads"]) {
        const claim = await onGreen.get(claims, name, "shop");
        expect(claim).toMatchObject({
          status: { phase: "Bound" },
          metadata: { labels: { "velero.io/backup-name": "whole" } },
        });
      }
      expect((await place.succeed("volumes", "restore", "--backup", "whole")).stdout).toContain("3 of 3");
      expect(await volumeCount()).toBe(before + 3);
      expect((await place.succeed("volumes", "status")).stdout).toMatch(/shop\/data-db-0 +velero +vol-\S+ +vol-/);
      const released = await place.json<{ held: { hold: string }[] }>("migrate");
      expect(released).toMatchObject({ code: 0 });
      expect(released.json.held.filter(({ hold }) => hold === "velero-volumes")).toEqual([]);
      const set = await onGreen.get(await resourceOf(onGreen, database), "db", "shop");
      expect(set).toMatchObject({ spec: { replicas: 2 } });
      expect((await place.run(["cutover", "--dry-run"])).stdout).toMatch(/holds {4}volumes-not-restored/);
      expect(restoredIn(await readJournal(run.journalPath), clusterId).size).toBe(3);
      await driven();
    });

    /** What the command can't be brought to: kills, another name of a namespace, what a backup lacks. */
    async function driven(): Promise<void> {
      const { onGreen } = world;
      const edges = (journal: VeleroEdges["journal"]) => world.edgesOf("whole", journal);
      const terms = world.terms({ run: "killed", zones: new Set([`${region}b`]) });
      const planned = (namespace: string, name: string, parts: Partial<PlannedVolume> = {}): PlannedVolume => ({
        claim: { group: "", kind: "PersistentVolumeClaim", namespace, name },
        ...{ strategy: "velero", rule: "r", reason: "Because.", users: [], size: "2Gi", ...parts },
      });
      for (const dies of [1, 2, 3]) {
        const namespace = `killed-${dies}`;
        const arrivesAs = { group: "", kind: "PersistentVolumeClaim", namespace: "renamed", name: "data" };
        const all = [planned(namespace, "data", dies === 3 ? { arrivesAs } : {})];
        const entries: JournalEntry[] = [];
        const before = await volumeCount();
        await expect(restoreVolumes(all, terms, edges(memoryJournal(entries, dies)))).rejects.toBeInstanceOf(Killed);
        const { outcomes } = await restoreVolumes(all, terms, edges(memoryJournal(entries)));
        expect(outcomes).toEqual([{ claim: all[0]?.claim, handle: expect.stringMatching(/^vol-/) }]);
        expect(await volumeCount()).toBe(before + 1);
        const its = (await restoresOnGreen()).filter(({ metadata }) =>
          metadata.name.includes(dies === 3 ? "renamed" : namespace),
        );
        expect(its).toHaveLength(1);
        const live = await onGreen.get(claims, "data", dies === 3 ? "renamed" : namespace);
        const volume = await onGreen.get(volumes, String(textAt(live, "spec", "volumeName")));
        expect(JSON.stringify(volume?.spec)).toContain(outcomes[0]?.handle);
      }
      // A snapshot that AWS has no more: the one claim is named in Velero's words, the other stands, and the next try is another Restore.
      const { Volumes = [] } = await ec2.send(
        new DescribeVolumesCommand({ Filters: [{ Name: "tag:Name", Values: ["lost"] }] }),
      );
      const { Snapshots = [] } = await ec2.send(
        new DescribeSnapshotsCommand({ Filters: [{ Name: "volume-id", Values: [Volumes[0]?.VolumeId ?? ""] }] }),
      );
      for (const { SnapshotId } of Snapshots) await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
      const part = ["kept", "lost"].map((name) => planned("part", name, { volume: `pv-part-${name}` }));
      const its: JournalEntry[] = [];
      for (const attempt of [1, 2]) {
        const report = await restoreVolumes(part, terms, edges(memoryJournal(its)));
        expect(report.outcomes).toEqual([
          { claim: part[0]?.claim, handle: expect.stringMatching(/^vol-/) },
          { claim: part[1]?.claim, failed: expect.stringMatching(/snap-|not found|NotFound/) },
        ]);
        expect(report.restores.map(({ name, phase }) => [name, phase])).toEqual([
          [`clustershift-killed-part-${attempt}`, "PartiallyFailed"],
        ]);
        expect(report.restores[0]?.warnings).toEqual([]);
        const again = await restoreVolumes(part, terms, edges(memoryJournal(its)));
        expect(again.restores).toEqual([]);
        expect(again.outcomes[1]?.failed).toMatch(/is Pending, and not bound to a volume. Delete the claim on green/);
        await onGreen.delete(claims, "lost", "part");
        await vi.waitFor(async () => expect(await onGreen.get(claims, "lost", "part")).toBeUndefined(), {
          ...{ timeout: 60_000, interval: 200 },
        });
      }
      expect(its.filter(({ type }) => type === "intent")).toHaveLength(2);
      // Restored by somebody else it counts, and what has no data in the backup is named.
      const entries: JournalEntry[] = [];
      const outside = { ...terms, zones: new Set([`${region}c`]) };
      const others = [planned("killed-1", "data"), planned("files", "media"), planned("shop", "cache")];
      const { outcomes } = await restoreVolumes(others, terms, edges(memoryJournal(entries)));
      expect(outcomes.map(({ failed }) => failed)).toEqual([
        undefined,
        expect.stringContaining("Velero left its volume out: volumeSnapshot: no applicable volumesnapshotter"),
        expect.stringContaining("green has such a claim already"),
      ]);
      const { outcomes: elsewhere } = await restoreVolumes(others.slice(0, 1), outside, edges(memoryJournal()));
      expect(elsewhere[0]?.failed).toMatch(/is in eu-central-1b, where green has no nodes/);
    }
  },
);
