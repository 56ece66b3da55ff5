import type { KubeHandOver } from "../../kube/api.js";
import type { JsonObject } from "../../model/objects.js";
import type { FieldEditor } from "../edits/carry-out.js";
import { patchOf } from "../fields.js";
import { resource } from "../served.js";

const fieldManager = "clustershift";

/** Edits of the fields that stop blue's exclusive workloads: `KubeHandOver` sends no other. */
export async function blueEditor(blue: KubeHandOver, owners?: FieldEditor["owners"]): Promise<FieldEditor> {
  const { clusterId } = await blue.info();
  return {
    clusterId,
    get: ({ apiVersion, object: { kind, name, namespace } }) => blue.get(resource(apiVersion, kind), name, namespace),
    async set({ apiVersion, object: { kind, name, namespace }, path }, live, value) {
      const options = { type: "merge", fieldManager, ...(namespace && { namespace }) } as const;
      await blue.patch(resource(apiVersion, kind), name, seen(patchOf(path, value), live.metadata), options);
    },
    ...(owners && { owners }),
  };
}

/** Refused where the object isn't as it was looked at. An annotation stands in the metadata already. */
function seen(patch: JsonObject, { resourceVersion }: { resourceVersion?: string }): JsonObject {
  return {
    ...patch,
    metadata: { ...(patch.metadata as object | undefined), ...(resourceVersion && { resourceVersion }) },
  };
}
