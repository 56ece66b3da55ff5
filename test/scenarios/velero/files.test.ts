import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { JournalEntry } from "../../../src/model/journal.js";
import { at, textAt } from "../../../src/model/json.js";
import type { JsonObject, KubeObject } from "../../../src/model/objects.js";
import type { PlannedVolume } from "../../../src/model/volumes.js";
import { emulatorClients } from "../../../src/sandbox/aws/clients.js";
import { apiOf } from "../../../src/sandbox/cluster/api.js";
import { kwokAnnotation } from "../../../src/sandbox/cluster/kwokctl-config.js";
import { untilTaken } from "../../../src/sandbox/cluster/leases.js";
import { claims } from "../../../src/volumes/edges.js";
import { restores } from "../../../src/volumes/velero/edges.js";
import { previewRestores } from "../../../src/volumes/velero/preview.js";
import { restoreVolumes } from "../../../src/volumes/velero/restore.js";
import { makeVolume, region } from "../../proofs/volumes/world.js";
import { bound, sources } from "../../volumes/objects.js";
import { Killed, memoryJournal } from "../../workloads/journal.js";
import { playNodeAgent } from "./node-agent.js";
import { listOf, openAskedAws, openVeleroWorld, resourceOf, untilBound, type VeleroWorld, write } from "./world.js";

const aws = await openAskedAws();
const zone = `${region}a`;
const namespaces = ["shop", "part", "killed-1", "killed-2", "killed-3", "old"];

/** A Pod whose workload would do harm on green: it has an init container, an account, a hook, and mounts a Secret. */
const worker = (namespace: string, name: string, mounted: readonly string[]): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    ...{ name, namespace, labels: { app: "worker", pod: name } },
    annotations: {
      "post.hook.restore.velero.io/command": '["/bin/true"]',
      "post.hook.restore.velero.io/container": "worker",
    },
  },
  spec: {
    nodeName: "node-a",
    nodeSelector: { "kops.k8s.io/instancegroup": "data" },
    tolerations: [{ key: "data", operator: "Exists" }],
    securityContext: { fsGroup: 999 },
    initContainers: [
      { name: "migrate", image: "acme/migrate" },
      { name: "sidecar", image: "acme/sidecar" },
    ],
    containers: [
      {
        ...{ name: "worker", image: "acme/worker" },
        volumeMounts: [...mounted, "scratch", "secret"].map((volume) => ({ name: volume, mountPath: `/${volume}` })),
      },
    ],
    volumes: [
      ...mounted.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
      { name: "scratch", emptyDir: {} },
      { name: "secret", secret: { secretName: "worker", optional: true } },
    ],
  },
});

describe.skipIf("missing" in aws)(
  `files of Pods, by Velero${"missing" in aws ? ` (skipped: ${aws.missing})` : ""}`,
  { timeout: 300_000 },
  () => {
    if ("missing" in aws) return;
    const { front } = aws;
    const { ec2 } = emulatorClients(front.internalEndpoint, region);
    let world: VeleroWorld;

    const planned = (namespace: string, name: string): PlannedVolume => ({
      claim: { group: "", kind: "PersistentVolumeClaim", namespace, name },
      ...{ strategy: "velero", rule: "r", reason: "Because.", users: [], size: "2Gi", zone: { from: zone, to: zone } },
    });
    /** In the place of the EBS driver: a volume that a claim of this size can have. */
    const provision = async (name: string): Promise<void> => {
      const id = await makeVolume(ec2, { strategy: "copy", source: "csi", zone: "a", type: "gp3", size: 2, name });
      await write(world.onGreen, {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: `green-${name}` },
        spec: {
          ...{ accessModes: ["ReadWriteOnce"], capacity: { storage: "2Gi" }, storageClassName: "gp3" },
          ...{ persistentVolumeReclaimPolicy: "Retain", ...sources.csi(id) },
        },
      });
    };
    const podsOf = (namespace: string) => listOf(world.onGreen, "v1", "Pod", namespace);
    /** Velero's Restores of a run, and what goes with them: names, and of which Restore each is. */
    const madeFor = async (run: string, apiVersion: string, kind: string): Promise<string[]> =>
      (await listOf(world.onGreen, apiVersion, kind, "velero"))
        .filter(({ metadata }) => metadata.name.startsWith(`clustershift-${run}-`))
        .map(({ metadata: { name, ownerReferences = [] } }) =>
          [name, ...ownerReferences.map((each) => each.name)].join(" of "),
        );
    const modifiersOf = (run: string) => madeFor(run, "v1", "ConfigMap");
    const completed = (): JsonObject => ({ phase: "Completed", snapshotID: "k1" });

    beforeAll(async () => {
      world = await openVeleroWorld(front);
      const { onBlue, onGreen, blue, green } = world;
      for (const kube of [onBlue, onGreen])
        await write(kube, {
          apiVersion: "v1",
          kind: "Node",
          metadata: {
            ...{ name: "node-a", labels: { "topology.kubernetes.io/zone": zone } },
            annotations: { [kwokAnnotation.key]: kwokAnnotation.value },
          },
        });
      // Pods that come before are passed over.
      for (const { kubeconfigPath } of [blue, green]) {
        const { api, close } = apiOf(kubeconfigPath);
        await untilTaken(api, ["node-a"]).finally(close);
      }
      await write(onGreen, {
        ...{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "gp3" } },
        ...{ provisioner: "ebs.csi.aws.com", volumeBindingMode: "WaitForFirstConsumer" },
      });
      for (const namespace of namespaces) {
        await write(onBlue, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
        await write(onBlue, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } });
        for (const name of namespace === "part" ? ["kept", "lost"] : ["data"]) {
          // Velero takes no files of what lies on a node.
          const source = sources.csi(`vol-${namespace}-${name}`);
          for (const object of bound({ name, namespace, source, size: "2Gi" })) await write(onBlue, object);
        }
      }
      for (const namespace of namespaces.filter((name) => name !== "part"))
        await write(onBlue, worker(namespace, "worker-0", ["data"]));
      await write(onBlue, worker("part", "kept-0", ["kept"]), worker("part", "lost-0", ["lost"]));
      await write(onBlue, worker("shop", "beside-0", []));
      const running = async () =>
        (await listOf(onBlue, "v1", "Pod")).filter((each) => textAt(each, "status", "phase") === "Running").length;
      await vi.waitFor(async () => expect(await running()).toBeGreaterThanOrEqual(8), {
        timeout: 60_000,
        interval: 200,
      });
      await untilBound(onBlue);
      const onBlues = await world.veleroAt(blue, "velero-blue", false);
      const agent = await playNodeAgent(onBlue, "PodVolumeBackup", completed);
      try {
        // The agent's Pods have to run before the server asks for them.
        await vi.waitFor(async () => expect(await running()).toBeGreaterThanOrEqual(9), {
          timeout: 60_000,
          interval: 200,
        });
        expect(
          await onBlues.backup("files", {
            includedNamespaces: namespaces,
            ...{ defaultVolumesToFsBackup: true, snapshotVolumes: false },
          }),
        ).toBe("Completed");
      } finally {
        await agent.stop();
        await onBlues.stop();
      }
      // It finds what lies in its store when it starts, if it knows the store by then.
      await (await world.veleroAt(green, "velero-green", true)).stop();
      const velero = await world.veleroAt(green, "velero-green", true);
      await velero.awaitBackup("files");
    }, 240_000);

    afterAll(async () => {
      await world?.close();
      ec2.destroy();
      await aws.close();
    });

    it("come by Pods in which nothing of the workload runs, and which go again", async () => {
      await provision("shop");
      const entries: JournalEntry[] = [];
      const seen: KubeObject[] = [];
      const agent = await playNodeAgent(world.onGreen, "PodVolumeRestore", completed);
      const watching = vi.waitUntil(
        async () => {
          seen.push(...(await podsOf("shop")));
          return seen.length > 0;
        },
        { timeout: 60_000, interval: 20 },
      );
      const terms = world.terms({ run: "files", zones: new Set([zone]) });
      const edges = world.edgesOf("files", memoryJournal(entries));
      const { next } = await previewRestores([planned("shop", "data")], terms, edges);
      expect(await modifiersOf("files")).toEqual([]);
      const { outcomes, restores } = await restoreVolumes([planned("shop", "data")], terms, edges);
      await watching;
      await agent.stop();
      const [first] = next;
      expect(first?.modifiers?.metadata.name).toBe(first?.restore.metadata.name);
      expect(restores).toEqual([{ name: first?.restore.metadata.name, phase: "Completed", errors: [], warnings: [] }]);
      expect(outcomes).toEqual([{ claim: planned("shop", "data").claim, handle: expect.stringMatching(/^vol-/) }]);
      expect(agent.asked.map((each) => textAt(each, "spec", "volume")).sort()).toEqual(["data", "scratch"]);
      const [pod] = seen;
      expect(pod?.metadata.name).toBe("worker-0");
      expect(Object.keys(pod?.metadata.labels ?? {}).sort()).toEqual([
        "velero.io/backup-name",
        "velero.io/restore-name",
      ]);
      expect(pod?.metadata).not.toHaveProperty("annotations");
      expect(pod?.spec).toMatchObject({
        initContainers: [{ name: "restore-wait" }],
        containers: [{ name: "idle", image: expect.stringContaining("pause") }],
        volumes: [{ name: "data" }, { name: "scratch" }],
        securityContext: { fsGroup: 999 },
        nodeSelector: { "topology.kubernetes.io/zone": zone },
        serviceAccountName: "default",
        tolerations: expect.arrayContaining([expect.objectContaining({ key: "data" })]),
      });
      expect(await podsOf("shop")).toEqual([]);
      expect(await modifiersOf("files")).toEqual([`${restores[0]?.name} of ${restores[0]?.name}`]);
      expect(await world.onGreen.get(claims, "data", "shop")).toMatchObject({ status: { phase: "Bound" } });
    });

    it("that didn't come are told of their claim, however whole it looks, and are tried anew once it's gone", async () => {
      await provision("kept");
      await provision("lost");
      const entries: JournalEntry[] = [];
      const terms = world.terms({ run: "part", zones: new Set([zone]) });
      const both = [planned("part", "kept"), planned("part", "lost")];
      const again = () => restoreVolumes(both, terms, world.edgesOf("files", memoryJournal(entries)));
      const failing = await playNodeAgent(world.onGreen, "PodVolumeRestore", (asked) =>
        textAt(asked, "spec", "pod", "name") === "lost-0" && textAt(asked, "spec", "volume") === "lost"
          ? { phase: "Failed", message: "the repository is locked" }
          : completed(),
      );
      const { outcomes } = await again();
      expect(outcomes).toEqual([
        { claim: both[0]?.claim, handle: expect.stringMatching(/^vol-/) },
        { claim: both[1]?.claim, failed: expect.stringMatching(/files is Failed: the repository is locked/) },
      ]);
      expect(await podsOf("part")).toEqual([]);
      // It is bound, and empty: only Velero's own record of its files says so.
      expect((await again()).outcomes[1]?.failed).toMatch(/is Failed: .*Delete the claim on green/);
      await failing.stop();
      await world.onGreen.delete(claims, "lost", "part");
      await vi.waitFor(async () => expect(await world.onGreen.get(claims, "lost", "part")).toBeUndefined(), {
        ...{ timeout: 60_000, interval: 200 },
      });
      await provision("lost-again");
      const agent = await playNodeAgent(world.onGreen, "PodVolumeRestore", completed);
      expect((await again()).outcomes.map(({ failed }) => failed)).toEqual([undefined, undefined]);
      await agent.stop();
      expect(agent.asked.map((each) => textAt(each, "spec", "pod", "name"))).not.toContain("kept-0");
    });

    it.each([1, 2, 3])("go on where it was killed at write %i, and leave no Pod behind", async (dies) => {
      const namespace = `killed-${dies}`;
      await provision(namespace);
      const entries: JournalEntry[] = [];
      const terms = world.terms({ run: `killed-${dies}`, zones: new Set([zone]) });
      const work = (journal: ReturnType<typeof memoryJournal>) =>
        restoreVolumes([planned(namespace, "data")], terms, world.edgesOf("files", journal));
      const agent = await playNodeAgent(world.onGreen, "PodVolumeRestore", completed);
      await expect(work(memoryJournal(entries, dies))).rejects.toBeInstanceOf(Killed);
      const { outcomes } = await work(memoryJournal(entries));
      await agent.stop();
      expect(outcomes).toEqual([{ claim: planned(namespace, "data").claim, handle: expect.stringMatching(/^vol-/) }]);
      expect(await podsOf(namespace)).toEqual([]);
      expect((await modifiersOf(`killed-${dies}`)).length).toBe(1);
      const asked = agent.asked.filter((each) => textAt(each, "spec", "pod", "namespace") === namespace);
      expect(asked).toHaveLength(2);
    });

    it("aren't begun with a Velero too old to know what makes Pods harmless", async () => {
      const { onGreen } = world;
      const definition = await resourceOf(onGreen, {
        ...{ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: "" } },
      });
      const field = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/resourceModifier";
      await onGreen.patch(definition, "restores.velero.io", [{ op: "remove", path: field }], { type: "json" });
      const dryRun = { namespace: "velero", dryRun: true };
      const probe = {
        ...{ apiVersion: "velero.io/v1", kind: "Restore", metadata: { name: "probe", namespace: "velero" } },
        spec: { backupName: "files", resourceModifier: { kind: "ConfigMap", name: "probe" } },
      };
      await vi.waitFor(
        async () =>
          expect(at(await onGreen.create(restores, probe, dryRun), "spec", "resourceModifier")).toBeUndefined(),
        { timeout: 60_000, interval: 200 },
      );
      const terms = world.terms({ run: "old", zones: new Set([zone]) });
      const { outcomes } = await restoreVolumes(
        [planned("old", "data")],
        terms,
        world.edgesOf("files", memoryJournal([])),
      );
      expect(outcomes).toEqual([
        { claim: planned("old", "data").claim, failed: expect.stringMatching(/knows no resource modifiers/) },
      ]);
      expect([...(await madeFor("old", "velero.io/v1", "Restore")), ...(await modifiersOf("old"))]).toEqual([]);
      expect(await podsOf("old")).toEqual([]);
    });
  },
);
