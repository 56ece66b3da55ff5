import { isObject, listAt, sameJson } from "../../../model/json.js";
import { adaptation } from "./adaptation.js";
import { podKinds, podTemplateOf } from "./pod-template.js";

const master = "node-role.kubernetes.io/master";

/** The taint of control-plane nodes has another name since 1.24; who tolerates the old one tolerates the new one too. */
export const controlPlaneToleration = adaptation({
  id: "control-plane-toleration",
  reason:
    "Control-plane nodes are tainted `node-role.kubernetes.io/control-plane` instead of `master` since 1.24: tolerations of the one get a twin for the other.",
  kinds: podKinds,
  adapt(copy) {
    const { spec } = podTemplateOf(copy) ?? {};
    const tolerations = listAt(spec, "tolerations");
    if (!spec || !tolerations.some((toleration) => isObject(toleration) && toleration.key === master)) return undefined;
    spec.tolerations = tolerations.flatMap((toleration) => {
      if (!isObject(toleration) || toleration.key !== master) return [toleration];
      const twin = { ...toleration, key: "node-role.kubernetes.io/control-plane" };
      return tolerations.some((other) => sameJson(other, twin)) ? [toleration] : [toleration, twin];
    });
    return undefined;
  },
});
