import type { Finding } from "../../model/finding.js";
import { groupOf, type KubeObject, refOf } from "../../model/objects.js";
import { isBalanced } from "../../model/services.js";
import type { Assessor } from "../assessment.js";
import { registriesOf } from "../images.js";

/** How many are named. */
const mostNamed = 10;

/** Load balancers that green's controllers will make of blue's Services and Ingresses, with addresses and names of their own. */
export const loadBalancersMadeAgain: Assessor = ({ preflight, objects }) => {
  if (!preflight) return [];
  const balanced = objects.filter((object) => isBalancedService(object) || isIngress(object));
  const [first] = balanced;
  if (!first) return [];
  const services = balanced.filter(isBalancedService).length;
  const named = balanced
    .slice(0, mostNamed)
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
  const more = balanced.length - named.length;
  return [
    {
      id: "load-balancers-made-again",
      severity: "note",
      object: refOf(first),
      count: balanced.length,
      why: `${services} Services of type LoadBalancer and ${balanced.length - services} Ingresses get load balancers of their own on green, as far as its controllers make some: ${named.join(", ")}${more > 0 ? `, and ${more} more` : ""}.`,
      whatToDo:
        "Their names and addresses are new ones: what names blue's (records, allow-lists, alarms, web ACLs) needs green's too. See that their quotas and subnets' tags suffice.",
    },
  ];
};

const certificateAnnotations = [
  "service.beta.kubernetes.io/aws-load-balancer-ssl-cert",
  "alb.ingress.kubernetes.io/certificate-arn",
];

/** Certificates of ACM that annotations name: one of another region or account is no certificate there. */
export const certificatesNamed: Assessor = ({ preflight, objects }) => {
  if (!preflight) return [];
  return objects.flatMap((object): Finding[] => {
    const annotations = object.metadata.annotations ?? {};
    const arns = certificateAnnotations.flatMap((key) => (annotations[key] ?? "").split(",")).map((arn) => arn.trim());
    const foreign = arns.filter((arn) => arn.startsWith("arn:") && arn.split(":")[3] !== preflight.region);
    if (foreign.length === 0) return [];
    return [
      {
        id: "certificate-elsewhere",
        severity: "warning",
        object: refOf(object),
        why: `It names ${foreign.join(", ")}, and green is in ${preflight.region}: a load balancer there can't use it.`,
        whatToDo: `Have a certificate in ${preflight.region}, and change the annotation by a transform.`,
      },
    ];
  });
};

/** Registries that green must reach, since blue runs from them; and which of them answer from here. */
export const imageRegistries: Assessor = ({ preflight, objects }) => {
  if (!preflight) return [];
  const registries = registriesOf(objects);
  if (registries.length === 0) return [];
  const silent = preflight.registries.filter(({ answer }) => answer === null);
  const counts = registries.map(({ host, images }) => `${host} (${images})`).join(", ");
  return [
    {
      id: "image-registries",
      severity: "note",
      count: registries.length,
      why: `Blue runs images from ${counts}: green's nodes must reach and be let in by each.`,
      whatToDo: "See that green's subnets, endpoints and pull secrets lead there; mirror what is only on blue's nodes.",
    },
    ...silent.map(
      ({ host, why }): Finding => ({
        id: "image-registry-silent",
        severity: "warning",
        why: `${host} doesn't answer from here: ${why}. From green that may be otherwise.`,
        whatToDo:
          "Look from green's network, by an image of it in green.validate.image; map what is gone: replay.adaptations.images.",
      }),
    ),
  ];
};

function isBalancedService(object: KubeObject): boolean {
  return object.apiVersion === "v1" && isBalanced(object);
}

function isIngress({ kind, apiVersion }: KubeObject): boolean {
  return kind === "Ingress" && ["networking.k8s.io", "extensions"].includes(groupOf(apiVersion));
}
