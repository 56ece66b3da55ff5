import type { KubeWriter } from "../../kube/api.js";
import { KubeError } from "../../kube/api.js";
import { type ApiResource, apiVersionOf } from "../../model/objects.js";
import { patchOf } from "../fields.js";
import type { EditedObject, FieldEditor } from "./carry-out.js";

const fieldManager = "clustershift";

/** Edits of any field of green's objects. */
export async function greenEditor(
  green: KubeWriter,
  owners?: (resourceOf: (edited: Pick<EditedObject, "object" | "apiVersion">) => ApiResource) => FieldEditor["owners"],
): Promise<FieldEditor> {
  const [{ clusterId }, { resources }] = await Promise.all([green.info(), green.discover()]);
  const resourceOf = ({ object, apiVersion }: Pick<EditedObject, "object" | "apiVersion">): ApiResource => {
    const found = resources.find(
      ({ group, version, kind }) => kind === object.kind && apiVersionOf(group, version) === apiVersion,
    );
    if (found) return found;
    throw new KubeError(404, "NotFound", `green doesn't serve ${object.kind} in ${apiVersion}`);
  };
  const keeper = owners?.(resourceOf);
  return {
    clusterId,
    async get(edited) {
      const { name, namespace } = edited.object;
      return green.get(resourceOf(edited), name, namespace);
    },
    async set(edited, live, value) {
      const resource = resourceOf(edited);
      const { name, namespace } = edited.object;
      const { resourceVersion } = live.metadata;
      const patch = { ...patchOf(edited.path, value), metadata: { ...(resourceVersion && { resourceVersion }) } };
      const subresource = scales(edited, resource) ? { subresource: "scale" } : {};
      const options = { type: "merge", fieldManager, ...(namespace && { namespace }), ...subresource } as const;
      await green.patch(resource, name, patch, options);
    },
    ...(keeper && { owners: keeper }),
  };
}

/** As an autoscaler does it: only the count can change so. */
function scales({ path }: EditedObject, { subresources }: ApiResource): boolean {
  return path.join(".") === "spec.replicas" && subresources.includes("scale");
}
