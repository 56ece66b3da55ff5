import { UserError } from "../../src/model/errors.js";
import { rangesOverlap } from "../../src/model/ranges.js";
import type { FoundationOutputs } from "../outputs.js";
import type { ClusterSettings } from "../settings/cluster-settings.js";

type Fitted = Pick<ClusterSettings, "region" | "account" | "serviceCidr" | "addresses" | "controllers">;

/**
 * Whether a cluster can stand on this foundation, as far as the two say.
 *
 * @throws UserError `config-invalid` with every key that doesn't fit
 */
export function requireFit(settings: Fitted, foundation: FoundationOutputs): void {
  const wrong = [
    ...place(settings, foundation),
    ...services(settings, foundation),
    ...addresses(settings, foundation),
    ...zones(settings, foundation),
  ];
  if (wrong.length === 0) return;
  throw new UserError({
    code: "config-invalid",
    what: wrong.map((line) => `clustershift:cluster.${line}`).join("\n"),
    fix: "Mend these keys, or add to the foundation what it lacks. Nothing was made.",
  });
}

function place({ region, account }: Fitted, { privateSubnets, publicSubnets, keyArn }: FoundationOutputs): string[] {
  const zones = [...new Set([...privateSubnets, ...publicSubnets].map(({ zone }) => zone))];
  const elsewhere = zones.filter((zone) => !zone.startsWith(region));
  const owner = keyArn.split(":")[4];
  const apart = new Set(privateSubnets.map(({ zone }) => zone)).size;
  return [
    ...(elsewhere.length > 0
      ? [`region: is ${region}, and the foundation has subnets in ${elsewhere.join(", ")}`]
      : []),
    ...(account !== undefined && owner !== account ? [`account: is ${account}, and the foundation's is ${owner}`] : []),
    ...(apart < 2 ? [`foundation: has private subnets in ${apart} zone, and EKS needs at least 2 zones`] : []),
  ];
}

function services({ serviceCidr }: Fitted, { vpcCidr }: FoundationOutputs): string[] {
  if (serviceCidr === undefined || !rangesOverlap(serviceCidr, vpcCidr)) return [];
  return [`serviceCidr: ${serviceCidr} overlaps the VPC's ${vpcCidr}: what has the same address couldn't be reached`];
}

function addresses({ addresses }: Fitted, foundation: FoundationOutputs): string[] {
  const known = Object.keys(foundation.addresses);
  return Object.entries(addresses)
    .filter(([, reserved]) => !known.includes(reserved))
    .map(
      ([name, reserved]) =>
        `addresses.${name}: the foundation has no address ${reserved}, only ${known.join(", ") || "none"}`,
    );
}

function zones({ controllers }: Fitted, { hostedZones }: FoundationOutputs): string[] {
  if (controllers["external-dns"] === undefined || hostedZones.length > 0) return [];
  return ["controllers.external-dns: the foundation has no hosted zone that it could change"];
}
