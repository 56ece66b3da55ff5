import { isObject, listAt, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import { notice } from "./adaptation.js";

type Sort = "name" | "address" | "place" | "certificate";

/** What is wrong with each sort of thing that a load balancer is told, as long as blue's stands. */
const sorts: Record<Sort, Pick<Remark, "id" | "severity" | "whatToDo"> & { why: string }> = {
  name: {
    id: "load-balancer-name",
    severity: "warning",
    why: "blue's load balancer has it: green's can't be made, or the two controllers fight over one",
    whatToDo: "Give it another name by a transform, as long as blue's stands.",
  },
  address: {
    id: "load-balancer-address",
    severity: "warning",
    why: "blue's load balancer holds it: green's can't be made with it",
    whatToDo:
      "Take it off by a transform and move traffic by DNS, or give green's load balancer an address of its own.",
  },
  place: {
    id: "load-balancer-place",
    severity: "note",
    why: "it belongs to one account, region and network",
    whatToDo: "See that green stands in the same, or set green's by a transform.",
  },
  certificate: {
    id: "load-balancer-certificate",
    severity: "note",
    why: "a certificate belongs to one account and region",
    whatToDo: "See that green's load balancers can use it, or name green's by a transform.",
  },
};

const aws = "service.beta.kubernetes.io/aws-load-balancer-";
const alb = "alb.ingress.kubernetes.io/";

/** Annotations of Services and Ingresses that name something of blue's. A flat table: one line an annotation. */
const annotations: Readonly<Record<string, Sort>> = {
  [`${aws}name`]: "name",
  [`${aws}eip-allocations`]: "address",
  [`${aws}private-ipv4-addresses`]: "address",
  [`${aws}ipv6-addresses`]: "address",
  [`${aws}subnets`]: "place",
  [`${aws}security-groups`]: "place",
  [`${aws}extra-security-groups`]: "place",
  [`${aws}access-log-s3-bucket-name`]: "place",
  [`${aws}ssl-cert`]: "certificate",
  [`${alb}load-balancer-name`]: "name",
  [`${alb}group.name`]: "name",
  [`${alb}subnets`]: "place",
  [`${alb}security-groups`]: "place",
  [`${alb}wafv2-acl-arn`]: "place",
  [`${alb}waf-acl-id`]: "place",
  [`${alb}certificate-arn`]: "certificate",
  "kubernetes.io/ingress.global-static-ip-name": "address",
  "networking.gke.io/load-balancer-ip-addresses": "address",
  "networking.gke.io/managed-certificates": "certificate",
  "service.beta.kubernetes.io/azure-pip-name": "address",
  "service.beta.kubernetes.io/azure-load-balancer-ipv4": "address",
  "service.beta.kubernetes.io/azure-load-balancer-resource-group": "place",
  "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "place",
};

/** What Services and Ingresses tell the cloud's load balancers that blue's already have, or that belongs to blue's place. */
export const loadBalancers = notice({
  id: "load-balancers",
  reason:
    "Names, addresses and certificates that Services and Ingresses give to load balancers are pointed out: blue's have them, or they belong to blue's region.",
  kinds: ["Service", "Ingress.networking.k8s.io"],
  look(object) {
    const named = Object.entries(object.metadata.annotations ?? {}).flatMap(([annotation, value]): Remark[] => {
      const sort = annotations[annotation];
      return sort && value !== "" ? [remark(sort, `Its annotation ${annotation} names ${value}`)] : [];
    });
    if (!isObject(object.spec) || object.kind !== "Service") return named;
    const loadBalancerIp = textAt(object.spec, "loadBalancerIP");
    const externalIps = listAt(object.spec, "externalIPs");
    return [
      ...named,
      ...(loadBalancerIp ? [remark("address", `Its spec.loadBalancerIP is ${loadBalancerIp}`)] : []),
      ...(externalIps.length > 0 ? [routed(externalIps)] : []),
    ];
  },
});

function remark(sort: Sort, what: string): Remark {
  const { why, ...rest } = sorts[sort];
  return { ...rest, why: `${what}: ${why}.` };
}

function routed(addresses: unknown[]): Remark {
  return {
    id: "service-external-ips",
    severity: "warning",
    why: `It answers for spec.externalIPs ${addresses.join(", ")}, which the network routes to blue's nodes; the field is deprecated since 1.36.`,
    whatToDo: "Route the addresses to green's nodes at cutover, or put a load balancer in their place.",
  };
}
