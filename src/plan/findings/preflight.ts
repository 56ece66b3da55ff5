import type { Finding } from "../../model/finding.js";
import type { QuotaUse } from "../../model/preflight.js";
import type { Assessor } from "../assessment.js";

/** Limits of the account that green doesn't fit under, with what is used already. */
export const quotas: Assessor = ({ preflight }) =>
  (preflight?.quotas ?? []).flatMap((quota): Finding[] => {
    const { what, service, code, limit, used, adds } = quota;
    const left = limit - used;
    if (adds <= left && !(adds === 0 && left <= 0)) return [];
    return [
      {
        id: "quota-short",
        severity: adds > left && adds > 0 ? "warning" : "note",
        why: `${what}: ${used} of ${limit} are used, ${describeNeed(quota)}.`,
        whatToDo: `Ask for a higher quota (Service Quotas, ${service} ${code}), which can take days; or let green's groups grow less.`,
      },
    ];
  });

function describeNeed({ adds }: QuotaUse): string {
  return adds > 0 ? `and green needs up to ${adds}` : "so that not one more can be made";
}

/** Most named, so that one finding stays readable. */
const mostNamed = 12;

/** What the caller's own policies say, simulated: of no particular resource. */
export const permissions: Assessor = ({ preflight }) => {
  const { principal = "", actions = [] } = preflight?.permissions ?? {};
  const denied = actions.filter(({ isAllowed }) => !isAllowed).map(({ action, on }) => `${action} on ${on}`);
  if (denied.length === 0) return [];
  const more = denied.length > mostNamed ? `, and ${denied.length - mostNamed} more` : "";
  return [
    {
      id: "permission-lacking",
      severity: "warning",
      count: denied.length,
      why: `${principal} would be denied ${denied.slice(0, mostNamed).join(", ")}${more}.`,
      whatToDo:
        "Give these credentials what `clustershift permissions aws up` and `clustershift permissions aws cutover` print. Policies of the organisation aren't seen by this simulation.",
    },
  ];
};

/** Subnets that are too full for blue's pods a second time. */
export const subnetRoom: Assessor = ({ preflight }) => {
  const { subnets = [], needed = 0 } = preflight?.subnets ?? {};
  const zones = new Map<string, number>();
  for (const { zone, free } of subnets) zones.set(zone, (zones.get(zone) ?? 0) + free);
  const share = Math.ceil(needed / Math.max(zones.size, 1));
  return [...zones]
    .filter(([, free]) => free < share)
    .map(
      ([zone, free]): Finding => ({
        id: "subnet-full",
        severity: "warning",
        why: `Green's subnets in ${zone} have ${free} free addresses; its share of blue's ${needed} pods is ${share}.`,
        whatToDo: "Give green bigger subnets, or prefixes and a secondary range for pods, before it is stood up.",
      }),
    );
};

/** With less left than this an upgrade of its own is near. */
const soonMs = 90 * 86_400_000;

/** Whether EKS has the version, and for how long. */
export const eksVersion: Assessor = ({ preflight }) => {
  if (!preflight?.version) return [];
  const { minor, offer, askedAt } = preflight.version;
  const finding = (severity: Finding["severity"], why: string, whatToDo: string): Finding[] => [
    { id: "eks-version", severity, why, whatToDo },
  ];
  if (offer === null || offer.status === "UNSUPPORTED") {
    return finding(
      "blocker",
      `EKS ${offer ? "no longer supports" : "doesn't offer"} Kubernetes ${minor} in this region.`,
      "Choose another green.version.",
    );
  }
  const { status, standardUntil, extendedUntil } = offer;
  if (status === "EXTENDED_SUPPORT") {
    return finding(
      "warning",
      `Kubernetes ${minor} is in EKS's extended support${extendedUntil ? ` until ${extendedUntil.slice(0, 10)}` : ""}, which costs more an hour.`,
      "Choose a newer green.version, or agree to the cost; then EKS upgrades the cluster by itself.",
    );
  }
  if (standardUntil === null || Date.parse(standardUntil) - Date.parse(askedAt) > soonMs) return [];
  return finding(
    "warning",
    `EKS's standard support of Kubernetes ${minor} ends on ${standardUntil.slice(0, 10)}.`,
    "Choose a newer green.version: with this one the next migration is due at once.",
  );
};

/** Add-ons that EKS doesn't have for the version. */
export const addOnVersions: Assessor = ({ preflight }) => {
  if (!preflight?.addOns) return [];
  const { wanted, offers } = preflight.addOns;
  return offers.flatMap(({ name, versions, usual }): Finding[] => {
    const chosen = wanted[name] ?? "default";
    if (chosen === "default" ? usual !== null : versions.includes(chosen)) return [];
    return [
      {
        id: "add-on-version",
        severity: "blocker",
        why:
          chosen === "default"
            ? `EKS has no version of the add-on ${name} for green's Kubernetes.`
            : `${name} ${chosen} doesn't fit green's Kubernetes.`,
        whatToDo: `Set addOns of green's stack to ${versions.length > 0 ? `one of ${versions.slice(0, 5).join(", ")}` : "what EKS offers"}, or to default.`,
      },
    ];
  });
};

/** What AWS didn't answer is told: it is neither good nor bad. */
export const unasked: Assessor = ({ preflight }) =>
  (preflight?.unasked ?? []).map(
    ({ what, why }): Finding => ({
      id: "preflight-unasked",
      severity: "warning",
      why: `Not asked: ${what}. ${why}`,
      whatToDo: "Give these credentials the permission, then plan again; or see to it by hand.",
    }),
  );
