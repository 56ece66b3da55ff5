import {
  CreateSnapshotCommand,
  DeleteSnapshotCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  type Filter,
  type Image,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import type { CloudResource } from "../../model/cloud.js";
import type { Call } from "../call.js";
import { allPages } from "../pages.js";
import { tagsOf } from "../tags.js";
import { type KindApi, plainResource, removeBy } from "./kind.js";

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
      (NextToken) =>
        call({ action: "DescribeSnapshots", resource }, () =>
          client.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], Filters, NextToken })),
        ),
      ({ Snapshots, NextToken }) => ({ items: Snapshots, next: NextToken }),
    );
  const images = () =>
    allPages(
      (NextToken) =>
        call({ action: "DescribeImages", resource: "images" }, () =>
          client.send(new DescribeImagesCommand({ Owners: ["self"], IncludeDeprecated: true, NextToken })),
        ),
      ({ Images, NextToken }) => ({ items: Images, next: NextToken }),
    );
  const withUsers = async (filters: Filter[], resource: string): Promise<CloudResource[]> => {
    const found = await describe(filters, resource);
    const owned = found.length > 0 ? await images() : [];
    return found.map((snapshot) => resourceOf(snapshot, owned));
  };
  return {
    wholeList: true,
    list: () => withUsers([], "snapshots"),
    read: async (id) => (await withUsers([{ Name: "snapshot-id", Values: [id] }], id))[0],
    async tagged(tags) {
      const filters = Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
      const found = await describe(filters, Object.values(tags).join(", "));
      return found.map(({ SnapshotId: id = "", State: state = "", Progress: progress = "" }) => ({
        id,
        state,
        progress,
      }));
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

function resourceOf({ SnapshotId: id = "", VolumeId, ...rest }: Snapshot, images: readonly Image[]): CloudResource {
  const plain = plainResource("snapshot", id, tagsOf(rest.Tags));
  const using = images.filter(({ BlockDeviceMappings = [] }) =>
    BlockDeviceMappings.some(({ Ebs }) => Ebs?.SnapshotId === id),
  );
  return {
    ...plain,
    name: plain.tags.Name || rest.Description || id,
    leadsTo: VolumeId ? [VolumeId] : [],
    users: using.map(({ ImageId = "" }) => ({ id: ImageId, how: `is a disk of the image ${ImageId}` })),
    ...(rest.State === "pending" && { held: "AWS is still making it" }),
  };
}
