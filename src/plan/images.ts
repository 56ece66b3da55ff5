import type { KubeObject } from "../model/objects.js";

/** Registries that pods run images from, and how many images each has; the most used first. */
export function registriesOf(objects: readonly KubeObject[]): { host: string; images: number }[] {
  const images = new Set(
    objects.filter(({ kind, apiVersion }) => kind === "Pod" && apiVersion === "v1").flatMap(imagesOf),
  );
  const hosts = new Map<string, number>();
  for (const image of images) hosts.set(registryOf(image), (hosts.get(registryOf(image)) ?? 0) + 1);
  return [...hosts]
    .map(([host, images]) => ({ host, images }))
    .sort((a, b) => b.images - a.images || (a.host < b.host ? -1 : 1));
}

/** `registry.acme.example:5000/shop/web:1` -> `registry.acme.example:5000`; without a host, Docker Hub's own name. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return isHost ? first : "docker.io";
}

function imagesOf({ spec }: KubeObject): string[] {
  const { containers = [], initContainers = [] } = (spec ?? {}) as Record<string, { image?: unknown }[] | undefined>;
  return [...containers, ...initContainers].flatMap(({ image }) => (typeof image === "string" ? image : []));
}
