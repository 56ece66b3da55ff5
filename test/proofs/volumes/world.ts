import { fileURLToPath } from "node:url";
import { CreateVolumeCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { openVolumes, type Volume, type VolumesApi } from "../../../src/aws/volumes.js";
import type { KubeWriter } from "../../../src/kube/api.js";
import type { Clock } from "../../../src/model/clock.js";
import type { KubeObject, ObjectRef } from "../../../src/model/objects.js";
import type { PlannedVolume, VolumeStrategy } from "../../../src/model/volumes.js";
import { emulatorClients } from "../../../src/sandbox/aws/clients.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { type Bringing, claims, type VolumeTerms, volumes } from "../../../src/volumes/edges.js";
import { bound, sources } from "../../volumes/objects.js";

/** Sums up a volume of the emulator: `node LINEAGE`, with LINEAGE_ENDPOINT in its environment. */
export const lineage = fileURLToPath(new URL("./lineage.mjs", import.meta.url));

export const region = "eu-central-1";
export const terms = { blue: "blue.acme.example", green: "acme-1-35", timeoutMs: 60_000 };

/** One claim of a world, and what its volume is like. */
export interface ClaimShape {
  name: string;
  strategy: Extract<VolumeStrategy, "copy" | "hand-over">;
  source: "csi" | "inTree";
  zone: "a" | "b" | "c";
  /** Where its copy goes; the same zone without. */
  to?: "a" | "b" | "c";
  type: "gp2" | "gp3" | "io1" | "io2" | "st1";
  size: number;
  iops?: number;
  throughput?: number;
  kmsKeyId?: string;
}

/** Makes a volume as blue's provisioner would have, and returns its id. */
export async function makeVolume(
  ec2: EC2Client,
  { name, zone, type, size, iops, throughput, kmsKeyId }: ClaimShape,
): Promise<string> {
  const tags = {
    ...{ Name: name, [`kubernetes.io/cluster/${terms.blue}`]: "owned", KubernetesCluster: terms.blue },
    "kubernetes.io/created-for/pvc/name": name,
  };
  const { VolumeId = "" } = await ec2.send(
    new CreateVolumeCommand({
      ...{ AvailabilityZone: `${region}${zone}`, VolumeType: type, Size: size },
      ...(iops !== undefined && { Iops: iops }),
      ...(throughput !== undefined && { Throughput: throughput }),
      ...(kmsKeyId !== undefined && { Encrypted: true, KmsKeyId: kmsKeyId }),
      TagSpecifications: [
        { ResourceType: "volume", Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
      ],
    }),
  );
  return VolumeId;
}

/** Claim and PersistentVolume as blue has them, of a volume that is there. */
export function objectsOf(shape: ClaimShape, namespace: string, id: string): KubeObject[] {
  const zone = `${region}${shape.zone}`;
  const source = shape.source === "csi" ? sources.csi(id) : sources.inTree(id, zone);
  return bound({ ...{ name: shape.name, namespace, source, zone }, size: `${shape.size}Gi`, storageClass: shape.type });
}

/** A clock of this world in which nobody waits long. */
export const quickClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, Math.min(ms, 100))),
};

export function cloudAt(endpoint: string): VolumesApi & { close(): void } {
  return openVolumes({ region, endpoint }, { clock: quickClock });
}

/** What one run moves: claims that wait on green, and volumes that blue has let go of. */
export interface SmallWorld {
  terms: VolumeTerms;
  bringings: Bringing[];
  /** Blue's volumes, by claim. */
  originals: Map<string, Volume>;
  namespace: string;
  remove(): Promise<void>;
}

/** A namespace on green with claims as a replay brings them. */
export async function smallWorld(
  front: AwsFront,
  green: KubeWriter,
  run: string,
  shapes: readonly ClaimShape[],
): Promise<SmallWorld> {
  const { ec2 } = emulatorClients(front.internalEndpoint, region);
  const inside = cloudAt(front.internalEndpoint);
  const namespace = run.toLowerCase();
  const namespaces = { ...claims, kind: "Namespace", resource: "namespaces", namespaced: false };
  await green.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const bringings: Bringing[] = [];
  const originals = new Map<string, Volume>();
  for (const shape of shapes) {
    const id = await makeVolume(ec2, shape);
    const [claim, volume] = objectsOf(shape, namespace, id);
    if (!claim || !volume) throw new Error("a claim has a volume");
    await green.create(claims, claim, { namespace });
    const [original] = await inside.volumes([id]);
    if (original) originals.set(shape.name, original);
    bringings.push({ planned: plannedOf(shape, namespace, id, volume), volume });
  }
  inside.close();
  ec2.destroy();
  return {
    terms: { ...terms, run },
    ...{ bringings, originals, namespace },
    async remove() {
      for (const { planned } of bringings) {
        await green.delete(claims, planned.claim.name, namespace);
        await green.delete(volumes, planned.volume ?? "");
      }
      await green.delete(namespaces, namespace);
    },
  };
}

function plannedOf(shape: ClaimShape, namespace: string, handle: string, volume: KubeObject): PlannedVolume {
  const claim: ObjectRef = { group: "", kind: "PersistentVolumeClaim", namespace, name: shape.name };
  return {
    ...{
      claim,
      strategy: shape.strategy,
      rule: "test",
      reason: "test",
      users: [],
      handle,
      volume: volume.metadata.name,
    },
    size: `${shape.size}Gi`,
    zone: { from: `${region}${shape.zone}`, to: `${region}${shape.to ?? shape.zone}` },
  };
}
