import { objectAt, textAt } from "../../../model/json.js";
import type { Change } from "../change.js";
import { adaptation } from "./adaptation.js";

/** Versions that 1.16 stopped serving, under which people named what an autoscaler scales. */
const gone = /^(extensions\/v1beta1|apps\/v1beta[12])$/;

/**
 * What autoscalers scale. API servers store the name as it was written, and the controller looks it up anew each time: a version
 * that is gone takes no pod with it, but nothing is scaled any more.
 */
export const scaleTarget: Change = adaptation({
  id: "scale-target",
  reason:
    "An autoscaler that names its workload in a version that 1.16 removed names it in apps/v1: it would scale nothing.",
  kinds: ["HorizontalPodAutoscaler.autoscaling"],
  adapt(copy) {
    const target = objectAt(copy, "spec", "scaleTargetRef");
    if (gone.test(textAt(target, "apiVersion") ?? "")) target.apiVersion = "apps/v1";
    return undefined;
  },
});
