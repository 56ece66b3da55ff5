import { Buffer } from "node:buffer";
import { isObject, listAt, objectAt, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import type { KubeObject } from "../../../model/objects.js";
import type { Change } from "../change.js";
import { notice } from "./adaptation.js";
import { type AddressBook, addressBook, type Named } from "./address-book.js";
import { containersOf, podKinds, podTemplateOf } from "./pod-template.js";

/** How many addresses a remark names; a dashboard may hold hundreds. */
const shown = 5;

/** Types of Secrets that hold nothing but keys and records, where an address would be found by chance. */
const opaque = /^(kubernetes\.io\/(service-account-token|tls|ssh-auth)|helm\.sh\/.*)$/;

/** Blue's own addresses and names, written down where green's are needed. `cluster` is blue's name. */
export function blueAddresses(cluster: string | undefined): Change {
  return notice({
    id: "blue-addresses",
    reason:
      "Addresses and names of blue's (its API server, nodes, cluster IPs, load balancers, its own name) in ConfigMaps, Secrets, environments, arguments and URLs are pointed out.",
    kinds: [
      "ConfigMap",
      "Secret",
      "Service",
      "Endpoints",
      "EndpointSlice.discovery.k8s.io",
      "MutatingWebhookConfiguration.admissionregistration.k8s.io",
      "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
      ...podKinds,
    ],
    look(object, context) {
      const book = addressBook(context, cluster);
      return object.kind === "Secret" ? inSecret(object, book) : inTexts(textsOf(object), book);
    },
  });
}

/** [where, what is written there] */
type Text = [where: string, text: string];

function textsOf(object: KubeObject): Text[] {
  switch (object.kind) {
    case "ConfigMap":
      return Object.entries(objectAt(object, "data")).flatMap(([key, text]) =>
        typeof text === "string" ? [[`data["${key}"]`, text]] : [],
      );
    case "Service":
      return [["spec.externalName", textAt(object, "spec", "externalName") ?? ""]];
    case "Endpoints":
      return [
        [
          "subsets",
          addresses(
            listAt(object, "subsets").flatMap((subset) => listAt(subset, "addresses")),
            "ip",
          ),
        ],
      ];
    case "EndpointSlice":
      return [
        [
          "endpoints",
          listAt(object, "endpoints")
            .flatMap((endpoint) => listAt(endpoint, "addresses"))
            .join(" "),
        ],
      ];
    case "MutatingWebhookConfiguration":
    case "ValidatingWebhookConfiguration":
      return listAt(object, "webhooks").map((hook) => [
        `webhook ${textAt(hook, "name")}`,
        textAt(hook, "clientConfig", "url") ?? "",
      ]);
    default:
      return textsOfPod(object);
  }
}

function textsOfPod(object: KubeObject): Text[] {
  const { spec = {} } = podTemplateOf(object) ?? {};
  const containers = containersOf(spec).flatMap((container): Text[] => {
    const name = `container ${container.name}`;
    const words = [...listAt(container, "command"), ...listAt(container, "args")].filter(
      (word) => typeof word === "string",
    );
    const variables = listAt(container, "env").map(
      (variable): Text => [`${name}, ${textAt(variable, "name")}`, textAt(variable, "value") ?? ""],
    );
    return [...variables, [`${name}, arguments`, words.join("\n")]];
  });
  return [
    ...containers,
    ["hostAliases", addresses(listAt(spec, "hostAliases"), "ip")],
    ["dnsConfig.nameservers", listAt(spec, "dnsConfig", "nameservers").join(" ")],
  ];
}

function addresses(list: unknown[], field: string): string {
  return list.map((each) => textAt(each, field) ?? "").join(" ");
}

function inTexts(texts: readonly Text[], book: AddressBook): Remark[] {
  const said = texts.flatMap(([where, text]) => {
    const named = book.namedIn(text);
    return named.length > 0 ? [`${where} names ${list(named.map(({ what, is }) => `${what} (${is})`))}`] : [];
  });
  return said.length > 0 ? [remark(`${said.join("; ")}.`)] : [];
}

/** Of a Secret nothing is told but the key, and the sort of what is written there. */
function inSecret(object: KubeObject, book: AddressBook): Remark[] {
  if (opaque.test(textAt(object, "type") ?? "")) return [];
  const { data } = object;
  const said = Object.entries(isObject(data) ? data : {}).flatMap(([key, value]) => {
    const named = typeof value === "string" ? book.namedIn(Buffer.from(value, "base64").toString("utf8")) : [];
    return named.length > 0 ? [`"${key}" (${list([...new Set(named.map(sort))])})`] : [];
  });
  return said.length > 0
    ? [remark(`It holds something of blue's in ${said.join(", ")}; the values are not shown.`)]
    : [];
}

/** Without names: `a cluster IP`, not whose. */
function sort({ is }: Named): string {
  return is
    .replace(/ of (blue's node|Service|Ingress) .*$/, "")
    .replace(/^the (cluster IP|load balancer|address)/, "a $1");
}

function list(words: readonly string[]): string {
  const more = words.length - shown;
  return more > 0 ? `${words.slice(0, shown).join(", ")} and ${more} more` : words.join(", ");
}

function remark(why: string): Remark {
  return {
    id: "blue-address",
    severity: "warning",
    why,
    whatToDo:
      "Use a Service's DNS name or kubernetes.default.svc, or set green's by a transform: this one leads to blue, or nowhere.",
  };
}
