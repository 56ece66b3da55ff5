import { isObject, listAt, objectAt, textAt } from "../../model/json.js";
import { type Reference, reference } from "./reference.js";

const containerLists = ["initContainers", "containers", "ephemeralContainers"];

/** What a pod needs to start: accounts, Secrets, ConfigMaps, claims and classes. */
export function podReferences(spec: unknown, namespace: string, path: string): Reference[] {
  const inNamespace = { namespace };
  return [
    ...reference(`${path}.serviceAccountName`, "ServiceAccount", textAt(spec, "serviceAccountName"), inNamespace),
    ...reference(`${path}.priorityClassName`, "PriorityClass", textAt(spec, "priorityClassName"), {
      group: "scheduling.k8s.io",
    }),
    ...reference(`${path}.runtimeClassName`, "RuntimeClass", textAt(spec, "runtimeClassName"), {
      group: "node.k8s.io",
    }),
    ...listAt(spec, "imagePullSecrets").flatMap((secret) =>
      reference(`${path}.imagePullSecrets`, "Secret", textAt(secret, "name"), inNamespace),
    ),
    ...listAt(spec, "volumes").flatMap((volume) => volumeReferences(volume, namespace, `${path}.volumes`)),
    ...containerLists.flatMap((list) =>
      listAt(spec, list).flatMap((container) => environmentReferences(container, namespace, `${path}.${list}`)),
    ),
  ];
}

function volumeReferences(volume: unknown, namespace: string, path: string): Reference[] {
  const sources = [volume, ...listAt(volume, "projected", "sources")];
  return [
    ...sources.flatMap((source) => [
      ...needed(source, "secret", "Secret", ["secretName", "name"], namespace, path),
      ...needed(source, "configMap", "ConfigMap", ["name"], namespace, path),
    ]),
    ...reference(path, "PersistentVolumeClaim", textAt(volume, "persistentVolumeClaim", "claimName"), { namespace }),
    // A template for a claim: the claim is made anew, its class must be there.
    ...reference(
      path,
      "StorageClass",
      textAt(volume, "ephemeral", "volumeClaimTemplate", "spec", "storageClassName"),
      storage,
    ),
    ...Object.values(isObject(volume) ? volume : {}).flatMap((source) => [
      // csi, flexVolume, rbd, cephfs, scaleIO and iscsi each name the Secret that mounts them.
      ...reference(path, "Secret", textAt(source, "nodePublishSecretRef", "name"), { namespace }),
      ...reference(path, "Secret", textAt(source, "secretRef", "name"), { namespace }),
    ]),
  ];
}

const storage = { group: "storage.k8s.io" };

function environmentReferences(container: unknown, namespace: string, path: string): Reference[] {
  const sources = [
    ...listAt(container, "env").map((variable) => objectAt(variable, "valueFrom")),
    ...listAt(container, "envFrom"),
  ];
  return sources.flatMap((source) =>
    ["secretKeyRef", "secretRef"]
      .flatMap((field) => needed(source, field, "Secret", ["name"], namespace, `${path}.env`))
      .concat(
        ["configMapKeyRef", "configMapRef"].flatMap((field) =>
          needed(source, field, "ConfigMap", ["name"], namespace, `${path}.env`),
        ),
      ),
  );
}

/** A reference that a pod waits for: one that is optional is none. */
function needed(
  holder: unknown,
  field: string,
  kind: string,
  names: readonly string[],
  namespace: string,
  path: string,
): Reference[] {
  const source = objectAt(holder, field);
  if (source.optional === true) return [];
  return names.flatMap((name) => reference(path, kind, source[name], { namespace }));
}
