import { isObject } from "../../../model/json.js";
import { refKey, refOf } from "../../../model/objects.js";
import { isMade, type PlannedVolume } from "../../../model/volumes.js";
import type { Change } from "../change.js";
import { adaptation } from "./adaptation.js";

/** On a claim: the PersistentVolume that it waits for by name, so that nobody makes it a new one. */
export const volumeAnnotation = "clustershift.dev/volume";

/** Claims whose volumes are copied, handed over or shared name green's PersistentVolume, which has the name of blue's. */
export function claimVolumes(volumes: readonly PlannedVolume[] = []): Change {
  const waiting = new Map(
    volumes.filter(isMade).flatMap(({ claim, volume }) => (volume === undefined ? [] : [[refKey(claim), volume]])),
  );
  return adaptation({
    id: "claim-volumes",
    reason:
      "Claims whose volumes are copied, handed over or shared name green's PersistentVolume and wait for it: no new one is made for them.",
    kinds: ["PersistentVolumeClaim"],
    adapt(copy) {
      const { annotations } = copy.metadata;
      // Of a run before, in which this blue was the green.
      if (annotations) delete annotations[volumeAnnotation];
      const volume = waiting.get(refKey(refOf(copy)));
      if (volume === undefined || !isObject(copy.spec)) return undefined;
      copy.metadata.annotations = { ...annotations, [volumeAnnotation]: volume };
      copy.spec.volumeName = volume;
      return undefined;
    },
  });
}
