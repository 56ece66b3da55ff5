import type { KubeObject } from "../../model/objects.js";
import { argoCdLabelled, argoCdTracked } from "./argo-cd.js";
import type { Deployer, DeployerContext, Recogniser } from "./deployer.js";
import { flux } from "./flux.js";
import { helm } from "./helm.js";
import { infrastructureCode, kubectl, nobody, operator, setOfClaim } from "./others.js";

/**
 * What is asked, in this order, who made an object; register a new one here. An owner comes first, since operators hand
 * its labels on to what they make. Flux and Argo CD may have Helm render what they apply, and all of them may have applied
 * it as kubectl does.
 */
const recognisers: readonly Recogniser[] = [
  operator,
  flux,
  argoCdTracked,
  helm,
  argoCdLabelled,
  infrastructureCode,
  kubectl,
];

/** Who made an object, and would make it again. Pure. */
export function deployerOf(object: KubeObject, context: DeployerContext): Deployer {
  for (const recognise of recognisers) {
    const deployer = recognise(object, context);
    if (deployer) return deployer;
  }
  const set = setOfClaim(object, context.listed("StatefulSet.apps"));
  return set ? deployerOf(set, context) : nobody;
}
