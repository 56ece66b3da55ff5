import { aliasOf } from "../model/cloud.js";

const patterns = [
  // Ids of EC2, of both lengths.
  /(?<![a-z0-9])(?:i|eni|sg|vol|snap|eipalloc|lt)-(?:[0-9a-f]{17}|[0-9a-f]{8})(?![0-9a-z])/g,
  /arn:aws[a-z-]*:elasticloadbalancing:[^\s"',\\]+/g,
  /[a-z0-9][a-z0-9.-]*\.amazonaws\.com(?:\.cn)?(?![a-z0-9-])/gi,
  /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d)/g,
];

/**
 * Everything in a value, wherever it stands, that may name a resource of AWS: ids, ARNs, DNS names of AWS and IPv4 addresses, as
 * `aliasOf` gives them. A listener or a rule stands for its load balancer, too.
 */
export function mentionsOf(value: unknown): string[] {
  const text = textsIn(value).join("\n");
  const found = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([word]) => word));
  return [...new Set(found.flatMap((word) => [word, ...balancerOf(word)]).map(aliasOf))];
}

/** Every text in a value, names of fields too. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([field, inner]) => [field, ...textsIn(inner)]);
}

/** `…:listener/app/edge/50dc/f2f7` -> `…:loadbalancer/app/edge/50dc` */
function balancerOf(arn: string): string[] {
  const [, before, path] = /^(arn:.*:)listener(?:-rule)?\/((?:app|net|gwy)\/[^/]+\/[^/]+)/.exec(arn) ?? [];
  return before === undefined ? [] : [`${before}loadbalancer/${path}`];
}
