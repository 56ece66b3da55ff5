import { objectAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import type { JsonObject } from "../../../model/objects.js";
import { adaptation } from "./adaptation.js";
import { containersOf, podKinds, podTemplateOf } from "./pod-template.js";

const ofPod = "seccomp.security.alpha.kubernetes.io/pod";
const ofContainer = "container.seccomp.security.alpha.kubernetes.io/";

/**
 * Seccomp profiles as fields. The annotations do nothing since 1.27; they stay, so that an apply of the manifest they come
 * from changes nothing. A field that is there already has the last word, as it had on blue.
 */
export const seccompAnnotations = adaptation({
  id: "seccomp-annotations",
  reason: "Seccomp profiles in annotations do nothing since 1.27: they are set in the securityContext too.",
  kinds: podKinds,
  adapt(copy) {
    const { spec, annotations } = podTemplateOf(copy) ?? {};
    if (!spec || !annotations) return undefined;
    const remarks: Remark[] = [];
    const set = (holder: JsonObject, annotation: string): void => {
      const value = annotations[annotation];
      if (typeof value !== "string" || "seccompProfile" in objectAt(holder, "securityContext")) return;
      const seccompProfile = profileOf(value);
      if (!seccompProfile) remarks.push(unknownProfile(annotation, value));
      else holder.securityContext = { ...objectAt(holder, "securityContext"), seccompProfile };
    };
    set(spec, ofPod);
    for (const container of containersOf(spec)) set(container, `${ofContainer}${container.name}`);
    return remarks;
  },
});

function profileOf(value: string): JsonObject | undefined {
  if (value === "runtime/default" || value === "docker/default") return { type: "RuntimeDefault" };
  if (value === "unconfined") return { type: "Unconfined" };
  const path = /^localhost\/(.+)$/.exec(value)?.[1];
  // The API refuses paths that leave the kubelet's folder of profiles.
  if (path === undefined || path.startsWith("/") || path.split("/").includes("..")) return undefined;
  return { type: "Localhost", localhostProfile: path };
}

function unknownProfile(annotation: string, value: string): Remark {
  return {
    id: "seccomp-profile-unknown",
    severity: "warning",
    why: `Its annotation ${annotation} says "${value}", which is no profile, and annotations do nothing since 1.27.`,
    whatToDo: "Set securityContext.seccompProfile in its manifest, or by a transform.",
  };
}
