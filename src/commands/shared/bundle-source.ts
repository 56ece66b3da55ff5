import type { Bundle } from "../../bundle/read.js";
import type { ReplaySource } from "../../replay/replay.js";

/** A bundle as a source of a replay. */
export function bundleSource({ manifest, objects }: Bundle): ReplaySource {
  return { kinds: manifest.kinds.map(({ resource, count }) => ({ resource, count })), objects };
}
