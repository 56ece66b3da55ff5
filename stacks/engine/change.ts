import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { ChangeKind, StackChange } from "../../src/model/stack-change.js";

/** Pulumi's words for what becomes of a resource. The two halves of a replacement are told by `replace`, and reading changes nothing. */
const kinds: Partial<Record<string, ChangeKind>> = {
  same: "same",
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  "import-replacement": "replace",
  delete: "delete",
};

/** What an engine event says will become of a resource; undefined for events of another kind. */
export function stackChange({ resourcePreEvent }: EngineEvent): StackChange | undefined {
  if (resourcePreEvent === undefined) return undefined;
  const kind = kinds[resourcePreEvent.metadata.op];
  if (kind === undefined) return undefined;
  const { urn, type, old: before, new: after, keys, diffs, detailedDiff } = resourcePreEvent.metadata;
  const name = urn.slice(urn.lastIndexOf("::") + 2);
  // Nobody asked for it, and the engine's own summary doesn't count it.
  if (type.startsWith("pulumi:providers:") && name.startsWith("default")) return undefined;
  const differences = Object.entries(detailedDiff ?? {});
  // A replacement is told with all that differs: of that, what forces it.
  const forcing = differences.filter(([, { diffKind }]) => diffKind.endsWith("-replace")).map(([path]) => path);
  const because: Record<ChangeKind, string[]> = {
    same: [],
    create: [],
    delete: [],
    update: differences.length > 0 ? differences.map(([path]) => path) : (diffs ?? []),
    replace: forcing.length > 0 ? forcing : (keys ?? []),
  };
  return {
    urn,
    type,
    name,
    kind,
    because: because[kind].sort(),
    isProtected: before?.protect === true,
    ...(before && { before: before.inputs }),
    ...(after && kind !== "delete" && { after: after.inputs }),
  };
}
