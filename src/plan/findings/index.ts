import { compareText } from "../../model/canonical.js";
import type { Finding, Severity } from "../../model/finding.js";
import { refKey } from "../../model/objects.js";
import type { Assessment, Assessor } from "../assessment.js";
import { addOnSettings } from "./add-ons.js";
import { madeFromArchive, namespacesMissing } from "./archive.js";
import { idleEntries, kept, notKept } from "./configured.js";
import { deployedByNobody, leftToDeployers } from "./deployers.js";
import { notHeldOnGreen, noWayToStop, startedAgain, writesToBlue } from "./exclusive.js";
import {
  externalDnsBesideKept,
  externalDnsElsewhere,
  externalDnsOnBlue,
  externalDnsOnGreen,
  stayingRecords,
} from "./external-dns.js";
import { foldFindings } from "./fold.js";
import { actsOnBoth, heldJobs, heldUntilTeardown, holdsUndone } from "./held.js";
import { removedApisInReleases, unreadReleases } from "./helm-releases.js";
import { knownHops } from "./hops.js";
import { cloudResources, unseenEdits } from "./left-behind.js";
import { certificatesNamed, imageRegistries, loadBalancersMadeAgain } from "./made-again.js";
import { brokenApis, noPath, olderGreen } from "./paths.js";
import { addOnVersions, eksVersion, permissions, quotas, subnetRoom, unasked } from "./preflight.js";
import { danglingReferences } from "./references.js";
import { removedApis, removedApisInManifests } from "./removed-apis.js";
import { missingGroups, noWindow, representativeness, stuckObjects } from "./shape.js";
import { admitsBlue, carriedGroups } from "./surroundings/doors.js";
import { egressChanges } from "./surroundings/egress.js";
import { aclsDiffer, endpointsMissing, peeringsMissing, routesMissing } from "./surroundings/network.js";
import { policiesNameBlue } from "./surroundings/policies.js";
import { podIdentities, rolesTrustBlue } from "./surroundings/roles.js";
import { blueUnseen, facesUnread, greenNetworkUnknown, notLookedAt } from "./surroundings/unread.js";
import { idleTransforms } from "./transforms.js";
import {
  volumesByVelero,
  volumesCopied,
  volumesEmpty,
  volumesHandedOver,
  volumesLeft,
  volumesRefused,
} from "./volumes.js";

/** Every kind of finding. Register here. */
const assessors: readonly Assessor[] = [
  madeFromArchive,
  namespacesMissing,
  olderGreen,
  noPath,
  brokenApis,
  removedApis,
  removedApisInManifests,
  removedApisInReleases,
  unreadReleases,
  knownHops,
  representativeness,
  missingGroups,
  volumesRefused,
  volumesEmpty,
  volumesLeft,
  volumesByVelero,
  volumesCopied,
  volumesHandedOver,
  stuckObjects,
  cloudResources,
  unseenEdits,
  addOnSettings,
  danglingReferences,
  deployedByNobody,
  leftToDeployers,
  idleEntries,
  notKept,
  kept,
  noWindow,
  actsOnBoth,
  heldUntilTeardown,
  externalDnsOnBlue,
  externalDnsOnGreen,
  externalDnsElsewhere,
  externalDnsBesideKept,
  stayingRecords,
  heldJobs,
  holdsUndone,
  writesToBlue,
  noWayToStop,
  notHeldOnGreen,
  startedAgain,
  idleTransforms,
  admitsBlue,
  carriedGroups,
  rolesTrustBlue,
  podIdentities,
  policiesNameBlue,
  endpointsMissing,
  peeringsMissing,
  routesMissing,
  aclsDiffer,
  egressChanges,
  facesUnread,
  blueUnseen,
  greenNetworkUnknown,
  notLookedAt,
  quotas,
  permissions,
  subnetRoom,
  eksVersion,
  addOnVersions,
  unasked,
  loadBalancersMadeAgain,
  certificatesNamed,
  imageRegistries,
];

const rank: Record<Severity, number> = { blocker: 0, warning: 1, note: 2 };

/** All findings, the gravest first, in an order that doesn't depend on how blue was listed. */
export function assess(assessment: Assessment): Finding[] {
  return inOrder([...assessors.flatMap((assessor) => assessor(assessment)), ...foldFindings(assessment.remarks)]);
}

/** The gravest first; then by what they say. */
export function inOrder(findings: Finding[]): Finding[] {
  return findings.sort((a, b) => rank[a.severity] - rank[b.severity] || compareText(orderOf(a), orderOf(b)));
}

function orderOf({ id, object, why }: Finding): string {
  return [id, why, object ? refKey(object) : ""].join("\n");
}
