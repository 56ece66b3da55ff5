import {
  CreateSnapshotCommand,
  DeleteSnapshotCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type DescribeSnapshotsCommandOutput,
  type EC2Client,
  type Filter,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import type { CloudResource } from "../../model/cloud.js";
import type { Call } from "../call.js";
import { allPages, type KindApi, plainResource, removeBy, tagsOf } from "./kind.js";

/** How far a snapshot is. */
export interface SnapshotState {
  id: string;
  /** `pending`, `completed`, `error`, … */
  state: string;
  /** `42%` */
  progress: string;
}

export interface SnapshotsKind extends KindApi {
  /** Snapshots of this account with all of these tags. */
  tagged(tags: Record<string, string>): Promise<SnapshotState[]>;
  /** Begins one. Each call makes another, so it isn't sent again where it's unclear whether it arrived. Returns its id. */
  create(volumeId: string, description: string, tags: Record<string, string>): Promise<string>;
}

export function snapshotsKind(client: EC2Client, call: Call): SnapshotsKind {
  const describe = (Filters: Filter[], resource: string) =>
    allPages(
      (NextToken): Promise<DescribeSnapshotsCommandOutput> =>
        call({ action: "DescribeSnapshots", resource }, () =>
          client.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], Filters, NextToken })),
        ),
      ({ Snapshots }) => Snapshots,
      ({ NextToken }) => NextToken,
    );
  return {
    list: async () => (await describe([], "snapshots")).map(resourceOf),
    async read(id) {
      const [found] = await describe([{ Name: "snapshot-id", Values: [id] }], id);
      if (!found) return undefined;
      const { Images = [] } = await call({ action: "DescribeImages", resource: `images of ${id}` }, () =>
        client.send(
          new DescribeImagesCommand({
            Owners: ["self"],
            Filters: [{ Name: "block-device-mapping.snapshot-id", Values: [id] }],
          }),
        ),
      );
      return {
        ...resourceOf(found),
        users: Images.map(({ ImageId = "" }) => ({ id: ImageId, how: `is a disk of the image ${ImageId}` })),
      };
    },
    async tagged(tags) {
      const filters = Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
      const found = await describe(filters, Object.values(tags).join(", "));
      return found.map(({ SnapshotId: id = "", State: state = "", Progress: progress = "" }) => ({ id, state, progress }));
    },
    async create(VolumeId, Description, tags) {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      const { SnapshotId = "" } = await call({ action: "CreateSnapshot", resource: VolumeId, idempotent: false }, () =>
        client.send(
          new CreateSnapshotCommand({
            VolumeId,
            Description,
            TagSpecifications: [{ ResourceType: "snapshot", Tags }],
          }),
        ),
      );
      return SnapshotId;
    },
    remove: (id) =>
      removeBy(call, "DeleteSnapshot", id, ["InvalidSnapshot.NotFound"], () =>
        client.send(new DeleteSnapshotCommand({ SnapshotId: id })),
      ),
  };
}

function resourceOf({ SnapshotId: id = "", VolumeId, Tags, Description, State }: Snapshot): CloudResource {
  const plain = plainResource("snapshot", id, tagsOf(Tags));
  return {
    ...plain,
    name: plain.tags.Name || Description || id,
    leadsTo: VolumeId ? [VolumeId] : [],
    ...(State === "pending" && { held: "AWS is still making it" }),
  };
}
