import type { KubeWriter } from "../../../src/kube/api.js";
import { connect } from "../../../src/kube/connect.js";
import { type ApiResource, apiVersionOf, type KubeObject } from "../../../src/model/objects.js";

/** The API server of a cluster's, by its admin's kubeconfig. */
export async function withApiServer<T>(
  kubeconfig: string,
  context: string,
  use: (kube: KubeWriter, resources: ApiResource[]) => Promise<T>,
): Promise<T> {
  const kube = await connect({ kubeconfig, context, env: process.env });
  try {
    return await use(kube, (await kube.discover()).resources);
  } finally {
    await kube.close();
  }
}

/**
 * Velero's kinds that the stack makes objects of. In a real cluster its own Job makes the definitions, in full; no container
 * runs here.
 */
export async function defineVelero(kubeconfig: string, context: string): Promise<void> {
  await withApiServer(kubeconfig, context, async (kube, resources) => {
    const definition = resources.find(({ kind, version }) => kind === "CustomResourceDefinition" && version === "v1");
    if (!definition) throw new Error("the server has no definitions of version v1");
    for (const kind of ["BackupStorageLocation", "VolumeSnapshotLocation"]) {
      const plural = `${kind.toLowerCase()}s`;
      const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
      await kube.create(definition, {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name: `${plural}.velero.io` },
        spec: {
          group: "velero.io",
          names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
          scope: "Namespaced",
          versions: [{ name: "v1", served: true, storage: true, schema }],
        },
      } as KubeObject);
    }
  });
}

/** What the stack has put into a cluster: a line for each object, whole but for what the server's controllers say of it. */
export async function objectsOfStack(kubeconfig: string, context: string): Promise<string[]> {
  return withApiServer(kubeconfig, context, async (kube, resources) => {
    const lines: string[] = [];
    const served = new Set<string>();
    for (const resource of resources.filter(({ verbs }) => verbs.includes("list"))) {
      // Each in one of the versions that it is served in.
      const key = `${resource.group}/${resource.kind}`;
      if (served.has(key)) continue;
      served.add(key);
      for await (const { items } of kube.pages(resource)) {
        for (const { metadata, status: _, ...object } of items) {
          const { managedFields, resourceVersion: __, generation: ___, ...own } = metadata;
          if (!(managedFields as { manager: string }[] | undefined)?.some(({ manager }) => manager === "pulumi"))
            continue;
          lines.push(
            `${apiVersionOf(resource.group, resource.version)} ${JSON.stringify({ ...object, metadata: own })}`,
          );
        }
      }
    }
    return lines.sort();
  });
}
