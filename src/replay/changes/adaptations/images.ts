import { isObject, listAt, objectAt, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import type { JsonObject, KubeObject } from "../../../model/objects.js";
import type { Change } from "../change.js";
import { adaptation } from "./adaptation.js";
import { containersOf, podKinds, podTemplateOf } from "./pod-template.js";

/** Registries that get nothing new: what runs from them was made before. A flat table: one line a prefix. */
const retired: readonly { prefix: string; why: string; instead: string }[] = [
  {
    prefix: "k8s.gcr.io",
    why: "is frozen since April 2023, and only points to registry.k8s.io",
    instead: "registry.k8s.io",
  },
  ...["gcr.io/google-containers", "gcr.io/google_containers"].map((prefix) => ({
    prefix,
    why: "is what k8s.gcr.io stood for, and frozen with it",
    instead: "registry.k8s.io",
  })),
];

/** Images from other registries, as a team maps them: prefix -> prefix. */
export function images(mapping: Readonly<Record<string, string>>): Change {
  const prefixes = Object.keys(mapping).sort((a, b) => b.length - a.length);
  return adaptation({
    id: "images",
    reason:
      "Images come from where `replay.adaptations.images` says; those of a registry that was retired are pointed out.",
    kinds: podKinds,
    adapt(copy) {
      const found = new Set<string>();
      for (const { holder, field } of imagesOf(copy)) {
        const image = textAt(holder, field) ?? "";
        const prefix = prefixes.find((prefix) => rest(image, prefix) !== undefined);
        if (prefix !== undefined) holder[field] = `${mapping[prefix]}${rest(image, prefix)}`;
        const gone = retired.find(({ prefix }) => within(`${holder[field]}`, prefix) !== undefined);
        if (gone) found.add(gone.prefix);
      }
      return retired.filter(({ prefix }) => found.has(prefix)).map(remark);
    },
  });
}

function remark({ prefix, why, instead }: (typeof retired)[number]): Remark {
  return {
    id: "image-registry-retired",
    severity: "warning",
    why: `It takes images from ${prefix}, which ${why}.`,
    whatToDo: `See that green's nodes can pull them, or map them: replay.adaptations.images: {"${prefix}": "${instead}"}.`,
  };
}

/** Every place of an object that names an image: containers, and volumes that are images. */
function imagesOf(object: KubeObject): { holder: JsonObject; field: string }[] {
  const { spec = {} } = podTemplateOf(object) ?? {};
  const volumes = listAt(spec, "volumes").flatMap((volume) => {
    const image = objectAt(volume, "image");
    return isObject(volume) && "reference" in image ? [{ holder: image, field: "reference" }] : [];
  });
  const containers = containersOf(spec).filter(({ image }) => typeof image === "string");
  return [...containers.map((holder) => ({ holder, field: "image" })), ...volumes];
}

/** What follows a prefix of an image's name, as it is written or as it is meant: `nginx` is docker.io/library/nginx. */
function rest(image: string, prefix: string): string | undefined {
  return within(image, prefix) ?? within(fullName(image), prefix);
}

/** A prefix ends where a part of the name ends: `k8s.gcr.io` is none of `k8s.gcr.io.acme.example/web`. */
function within(image: string, prefix: string): string | undefined {
  const after = image.startsWith(prefix) ? image.slice(prefix.length) : undefined;
  return after === "" || (after !== undefined && /^[/:@]/.test(after)) ? after : undefined;
}

function fullName(image: string): string {
  const slash = image.indexOf("/");
  if (slash < 0) return `docker.io/library/${image}`;
  return /[.:]|^localhost$/.test(image.slice(0, slash)) ? image : `docker.io/${image}`;
}
