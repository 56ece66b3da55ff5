import type { Transform } from "clustershift/transform";
import { zoneKey } from "./zones.js";

/** Pods of Deployments with more than one replica are spread over the zones, where nothing says how they should be. */
const spread: Transform = (object) => {
  const { replicas = 1, template } = object.spec ?? {};
  if (replicas < 2 || template?.spec?.topologySpreadConstraints) return undefined;
  const copy = structuredClone(object);
  copy.spec.template.spec.topologySpreadConstraints = [
    {
      maxSkew: 1,
      topologyKey: zoneKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: copy.spec.selector,
    },
  ];
  return copy;
};

export default spread;
