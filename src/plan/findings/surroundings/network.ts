import type { Faces } from "../../../model/faces.js";
import type { Finding } from "../../../model/finding.js";
import { uncovered } from "../../../model/ranges.js";
import type { Assessor } from "../../assessment.js";
import { awsObject, listed, surrounding } from "./words.js";

/** Services that blue reaches within its network, and green would by the internet, or not at all. */
export const endpointsMissing: Assessor = ({ faces }) => {
  if (!faces || faces.green.network === "unknown") return [];
  const { blue, green, endpoints } = faces;
  const tablesOf = (subnets: Faces["green"]["subnets"]) => subnets.flatMap(({ routeTableId }) => routeTableId ?? []);
  const [blues, greens] = [tablesOf(blue.subnets), tablesOf(green.subnets)];
  const reaches = (endpoint: (typeof endpoints)[number]) =>
    endpoint.vpcId === green.vpcId &&
    (endpoint.type !== "Gateway" || greens.every((table) => endpoint.routeTableIds.includes(table)));
  return endpoints
    .filter((own) => own.vpcId === blue.vpcId)
    .filter((own) => own.type !== "Gateway" || blues.some((table) => own.routeTableIds.includes(table)))
    .filter((own) => !endpoints.some((each) => each.service === own.service && reaches(each)))
    .map((own) =>
      surrounding("endpoint-missing", "warning", {
        object: awsObject("ec2", "VpcEndpoint", `${own.id} (${own.service})`),
        why: `Blue reaches ${own.service} by it, and green's ${green.vpcId === own.vpcId ? "subnets have no route to it" : "network has none for that service"}.`,
        whatToDo: "Make one in green's network, or add green's route tables to it, before traffic moves.",
      }),
    );
};

/** Networks that blue's has a peering with, and green's hasn't. */
export const peeringsMissing: Assessor = ({ faces }) => {
  if (!faces || faces.green.vpcId === faces.blue.vpcId) return [];
  const { blue, green, peerings } = faces;
  const connected = (one: string, other: string) =>
    peerings.some(({ vpcIds }) => vpcIds.includes(one) && vpcIds.includes(other));
  return peerings.flatMap(({ id, vpcIds }): Finding[] => {
    const far = vpcIds.find((vpc) => vpc !== blue.vpcId);
    if (!vpcIds.includes(blue.vpcId ?? "") || far === undefined || far === green.vpcId) return [];
    if (green.vpcId !== undefined && connected(green.vpcId, far)) return [];
    return [
      surrounding("peering-missing", "warning", {
        object: awsObject("ec2", "VpcPeeringConnection", id),
        why: `Blue's network ${blue.vpcId} reaches ${far} by it, and green's ${green.vpcId ?? "new network"} has no peering with that.`,
        whatToDo: "Peer green's network with it, with routes both ways, where workloads that move need it.",
        commands: [
          `aws ec2 create-vpc-peering-connection --region ${faces.region} --vpc-id ${green.vpcId ?? "GREEN_VPC"} --peer-vpc-id ${far}`,
        ],
      }),
    ];
  });
};

/** Gateways to the internet are looked at by the addresses that they leave by. */
const ownWays = /^(nat|igw|eigw|vpce|cagw)-/;

/** Ways that blue's subnets have, and green's lack: VPN, transit gateway, peering, a router on an instance. */
export const routesMissing: Assessor = ({ faces }) => {
  if (!faces || faces.green.network === "unknown") return [];
  const { blue, green } = faces;
  const elsewhere = green.vpcId === undefined || green.vpcId !== blue.vpcId;
  const wanted = new Map<string, string>();
  for (const { to, by } of blue.subnets.flatMap(({ routes }) => routes)) {
    // In another network a peering's route needs a peering first, which is told of itself.
    if (to !== "0.0.0.0/0" && !ownWays.test(by) && !(elsewhere && by.startsWith("pcx-"))) wanted.set(to, by);
  }
  return [...wanted].flatMap(([to, by]): Finding[] => {
    const lacking = green.subnets.filter(({ routes }) => !leadsTo(to, routes));
    if (green.network === "found" && lacking.length === 0) return [];
    const which =
      green.network === "new" ? "green's new network has" : `green's ${listed(lacking.map(({ id }) => id))} have`;
    return [
      surrounding("route-missing", "warning", {
        object: awsObject("ec2", "Route", `${to} by ${by}`),
        why: `Blue's subnets reach ${to} by ${by}, and ${which} no route there.`,
        whatToDo: "Add the route to green's tables; a gateway must be attached to green's network first.",
        commands: [...new Set(lacking.flatMap(({ routeTableId }) => routeTableId ?? []))].map(
          (table) => `aws ec2 create-route --region ${faces.region} --route-table-id ${table} ${routeOptions(to, by)}`,
        ),
      }),
    ];
  });
};

function leadsTo(to: string, routes: Faces["green"]["subnets"][number]["routes"]): boolean {
  const ways = routes.filter((route) => route.to !== "0.0.0.0/0" && !ownWays.test(route.by)).map((route) => route.to);
  return ways.includes(to) || (to.includes(".") && uncovered([to], ways).length === 0);
}

const wayOptions: Record<string, string> = {
  pcx: "--vpc-peering-connection-id",
  tgw: "--transit-gateway-id",
  vgw: "--gateway-id",
  eni: "--network-interface-id",
  i: "--instance-id",
  lgw: "--local-gateway-id",
};

function routeOptions(to: string, by: string): string {
  const destination = to.startsWith("pl-")
    ? "--destination-prefix-list-id"
    : to.includes(":")
      ? "--destination-ipv6-cidr-block"
      : "--destination-cidr-block";
  return `${destination} ${to} ${wayOptions[by.split("-")[0] ?? ""] ?? "--gateway-id"} ${by}`;
}

/** Network ACLs that green's subnets have instead of blue's. */
export const aclsDiffer: Assessor = ({ faces }) => {
  if (faces?.green.network !== "found") return [];
  const aclsOf = (subnets: Faces["green"]["subnets"]) => [...new Set(subnets.flatMap(({ aclId }) => aclId ?? []))];
  const [blues, greens] = [aclsOf(faces.blue.subnets), aclsOf(faces.green.subnets)];
  return greens
    .filter((acl) => blues.length > 0 && !blues.includes(acl))
    .map((acl) =>
      surrounding("acl-differs", "warning", {
        object: awsObject("ec2", "NetworkAcl", acl),
        why: `It is that of green's subnets, and blue's nodes stand behind ${listed(blues)}: what one lets through the other may not.`,
        whatToDo: "Compare the two, and add what workloads need.",
        commands: [
          `aws ec2 describe-network-acls --region ${faces.region} --network-acl-ids ${[...blues, acl].join(" ")}`,
        ],
      }),
    );
};
