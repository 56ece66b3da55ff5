import {
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteTagsCommand,
  DescribeVolumesCommand,
  EC2Client,
  type Filter,
  type Volume as SdkVolume,
  type VolumeType,
} from "@aws-sdk/client-ec2";
import { createCall } from "./call.js";
import type { AwsEdges } from "./clients.js";
import { type SnapshotsKind, snapshotsKind } from "./cloud/snapshots.js";
import { allPages, chunksOf } from "./pages.js";
import { type AwsSettings, clientSettings } from "./settings.js";
import { tagsOf } from "./tags.js";

/** An EBS volume. */
export interface Volume {
  id: string;
  /** `creating`, `available`, `in-use`, `error`, … */
  state: string;
  /** GiB. */
  size: number;
  zone: string;
  /** `gp3`, `io2`, … */
  type: string;
  /** Provisioned, where its type lets one choose. */
  iops?: number;
  /** MiB/s; of gp3 alone. */
  throughput?: number;
  encrypted: boolean;
  kmsKeyId?: string;
  /** Of which it was made. */
  snapshotId?: string;
  /** Instances that have it, or are about to. */
  attachedTo: string[];
  tags: Readonly<Record<string, string>>;
}

/** A volume that is to be made of a snapshot. */
export interface NewVolume
  extends Pick<Volume, "size" | "zone" | "type" | "iops" | "throughput" | "encrypted" | "kmsKeyId" | "tags"> {
  snapshotId: string;
  /** At most 64 characters: with the same one AWS makes no second. */
  token: string;
}

/** EC2, as far as volumes are copied. Every method throws UserError `aws-failed`, naming the action and the resource. */
export interface VolumesApi {
  /** Those of these ids that there are. */
  volumes(ids: readonly string[]): Promise<Volume[]>;
  /** Those that have all of these tags. */
  tagged(tags: Readonly<Record<string, string>>): Promise<Volume[]>;
  /** Begins to make one, and returns its id. Sent again with the same token it makes no second, by AWS's own promise. */
  create(volume: NewVolume): Promise<string>;
  snapshots: Pick<SnapshotsKind, "create" | "tagged">;
  tag(id: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Takes tags off, whatever their values; those that aren't there are no error. */
  untag(id: string, keys: readonly string[]): Promise<void>;
}

export function openVolumes(aws: AwsSettings, edges: AwsEdges): VolumesApi & { close(): void } {
  const { clock, monotonic = () => performance.now(), random = Math.random, timeoutMs } = edges;
  const client = new EC2Client(clientSettings(aws, timeoutMs));
  const { call } = createCall({ clock, now: monotonic, random });
  const describe = async (Filters: Filter[], resource: string): Promise<Volume[]> => {
    const found = await allPages(
      (NextToken) =>
        call({ action: "DescribeVolumes", resource }, () =>
          client.send(new DescribeVolumesCommand({ Filters, NextToken })),
        ),
      ({ Volumes, NextToken }) => ({ items: Volumes, next: NextToken }),
    );
    return found.map(volumeOf);
  };
  return {
    snapshots: snapshotsKind(client, call),
    async volumes(ids) {
      const found: Volume[] = [];
      for (const Values of chunksOf(ids))
        found.push(...(await describe([{ Name: "volume-id", Values }], Values.join(", "))));
      return found;
    },
    tagged: (tags) =>
      describe(
        Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
        Object.values(tags).join(", "),
      ),
    async create({ snapshotId, token, size, zone, type, iops, throughput, encrypted, kmsKeyId, tags }) {
      const command = new CreateVolumeCommand({
        SnapshotId: snapshotId,
        ClientToken: token,
        Size: size,
        AvailabilityZone: zone,
        VolumeType: type as VolumeType,
        ...(iops !== undefined && { Iops: iops }),
        ...(throughput !== undefined && { Throughput: throughput }),
        ...(encrypted && { Encrypted: true, ...(kmsKeyId !== undefined && { KmsKeyId: kmsKeyId }) }),
        TagSpecifications: [{ ResourceType: "volume", Tags: sdkTags(tags) }],
      });
      // Where it's unclear whether it arrived the caller looks for it: an emulator doesn't know the token.
      const { VolumeId = "" } = await call({ action: "CreateVolume", resource: snapshotId, idempotent: false }, () =>
        client.send(command),
      );
      return VolumeId;
    },
    async tag(id, tags) {
      await call({ action: "CreateTags", resource: id }, () =>
        client.send(new CreateTagsCommand({ Resources: [id], Tags: sdkTags(tags) })),
      );
    },
    async untag(id, keys) {
      await call({ action: "DeleteTags", resource: id }, () =>
        client.send(new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) })),
      );
    },
    close: () => client.destroy(),
  };
}

function sdkTags(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Types whose operations a second are chosen; of others AWS says what they come to, and takes no wish. */
const provisioned = new Set(["gp3", "io1", "io2"]);

function volumeOf(volume: SdkVolume): Volume {
  const { VolumeId = "", State = "", Size = 0, AvailabilityZone = "", VolumeType = "", Attachments = [] } = volume;
  return {
    id: VolumeId,
    state: State,
    size: Size,
    zone: AvailabilityZone,
    type: VolumeType,
    ...(volume.Iops && provisioned.has(VolumeType) && { iops: volume.Iops }),
    ...(volume.Throughput && VolumeType === "gp3" && { throughput: volume.Throughput }),
    encrypted: volume.Encrypted ?? false,
    ...(volume.KmsKeyId && { kmsKeyId: volume.KmsKeyId }),
    ...(volume.SnapshotId && { snapshotId: volume.SnapshotId }),
    attachedTo: Attachments.map(({ InstanceId = "" }) => InstanceId),
    tags: tagsOf(volume.Tags),
  };
}
