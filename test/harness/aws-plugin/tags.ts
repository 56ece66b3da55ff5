import type { Props } from "../plugin/plugin.js";
import type { Aws } from "./kind.js";

type Tags = Record<string, string>;

export function tagsOf(inputs: Props): Tags {
  return (inputs.tagsAll ?? {}) as Tags;
}

/** As most services want them. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function fromTagList(list: unknown): Tags {
  const tags = (list ?? []) as { Key: string; Value: string }[];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value ?? ""]).sort());
}

/** Tags that something of EC2 is born with. */
export function tagged(ResourceType: string, inputs: Props): Props {
  const Tags = tagList(tagsOf(inputs));
  return Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType, Tags }] };
}

/** What to set and what to take away, from one set of tags to another. */
export function tagChanges(before: Props, after: Props): { set: Tags; unset: string[] } {
  const [had, wanted] = [tagsOf(before), tagsOf(after)];
  return {
    set: Object.fromEntries(Object.entries(wanted).filter(([key, value]) => had[key] !== value)),
    unset: Object.keys(had).filter((key) => wanted[key] === undefined),
  };
}

/** Changes the tags of something of EC2. */
export async function retag({ call }: Aws, id: string, before: Props, after: Props): Promise<void> {
  const { set, unset } = tagChanges(before, after);
  if (Object.keys(set).length > 0) await call("ec2", "CreateTags", { Resources: [id], Tags: tagList(set) });
  if (unset.length > 0) await call("ec2", "DeleteTags", { Resources: [id], Tags: unset.map((Key) => ({ Key })) });
}
