import { listAt, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import type { JsonObject } from "../../../model/objects.js";
import { isTokenName } from "../../rules/derived.js";
import type { ChangeContext } from "../change.js";
import { notice } from "./adaptation.js";
import { containersOf, podKinds, podTemplateOf } from "./pod-template.js";

/**
 * Pods that name a token's Secret which the token controller made by itself. Since 1.24 it makes none, and blue's stay
 * behind. A Pod of its own is another matter: there admission had put the volume in, and it is taken off.
 */
export const namedTokens = notice({
  id: "named-tokens",
  reason: "Workloads that name an automatic token Secret are pointed out: since 1.24 there is none.",
  kinds: podKinds.filter((kind) => kind !== "Pod"),
  look(object, context) {
    const { spec } = podTemplateOf(object) ?? {};
    if (!spec) return [];
    const tokens = tokensOf(context);
    const named = secretsNamedBy(spec).filter((name) => tokens.has(`${object.metadata.namespace}/${name}`));
    return [...new Set(named)].map(remark);
  },
});

function secretsNamedBy(spec: JsonObject): string[] {
  const volumes = listAt(spec, "volumes").flatMap((volume) => [
    textAt(volume, "secret", "secretName"),
    ...listAt(volume, "projected", "sources").map((source) => textAt(source, "secret", "name")),
  ]);
  const variables = containersOf(spec).flatMap((container) => [
    ...listAt(container, "env").map((variable) => textAt(variable, "valueFrom", "secretKeyRef", "name")),
    ...listAt(container, "envFrom").map((source) => textAt(source, "secretRef", "name")),
  ]);
  return [...volumes, ...variables].filter((name) => name !== undefined);
}

const known = new WeakMap<ChangeContext, Set<string>>();

/** `namespace/name` of the Secrets that the rule `automatic-token` leaves behind. */
function tokensOf(context: ChangeContext): Set<string> {
  const before = known.get(context);
  if (before) return before;
  const tokens = new Set<string>();
  for (const account of context.listed("ServiceAccount")) {
    for (const secret of listAt(account, "secrets")) {
      const name = textAt(secret, "name") ?? "";
      if (isTokenName(name, account.metadata.name)) tokens.add(`${account.metadata.namespace}/${name}`);
    }
  }
  known.set(context, tokens);
  return tokens;
}

function remark(name: string): Remark {
  return {
    id: "token-by-name",
    severity: "warning",
    why: `It uses the automatic token Secret ${name}, which stays behind: its pods would wait for it.`,
    whatToDo:
      "Let it use the token that pods have anyway, or make a Secret of type kubernetes.io/service-account-token by a name of its own.",
  };
}
