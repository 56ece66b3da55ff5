import { messageOf, UserError } from "../model/errors.js";
import { isObject } from "../model/json.js";
import type { JsonObject } from "../model/objects.js";
import { KubeError } from "./api.js";
import { parse } from "./json.js";

/** Which cluster, for messages: the kubeconfig context and its server's URL. */
export interface Place {
  name: string;
  server: string;
}

/** An answer that is no success, in the words of its Status object; proxies answer with plain text or HTML. */
export function kubeErrorOf(status: number, body: string): KubeError {
  const answer = statusObject(body);
  if (!answer) return new KubeError(status, "", `${status}: ${body.trim().slice(0, 300) || "no words"}`);
  const { reason, message, details } = answer;
  return new KubeError(
    status,
    typeof reason === "string" ? reason : "",
    typeof message === "string" ? message : `${status}`,
    isObject(details) ? details : {},
  );
}

function statusObject(body: string): JsonObject | undefined {
  try {
    const value = parse(body);
    return isObject(value) && value.kind === "Status" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The first `code` of an error or of what lies behind it, e.g. `ECONNRESET`. */
export function codeOf(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ("code" in error && typeof error.code === "string") return error.code;
  }
  return "";
}

/** Failures after which it's certain that no byte of the request left. */
const notSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

export function wasNotSent(thrown: unknown): boolean {
  return notSent.has(codeOf(thrown));
}

/** Trying again doesn't make a certificate valid. */
export function isCertificateTrouble(thrown: unknown): boolean {
  return /^ERR_TLS|CERT|^UNABLE_TO|SIGNATURE|^ERR_SSL|^ERR_OSSL|^UND_ERR_PRX_TLS/.test(codeOf(thrown));
}

/** No answer came, however often it was tried. */
export function unreachable({ name, server }: Place, thrown: unknown): UserError {
  return new UserError({
    code: "cluster-unreachable",
    what: `context ${name}: ${server} can't be reached: ${messageOf(thrown) || codeOf(thrown)}`,
    fix: `${adviceFor(thrown)} Then try: kubectl --context ${name} get --raw /version`,
    cause: thrown,
  });
}

function adviceFor(thrown: unknown): string {
  const code = codeOf(thrown);
  if (isCertificateTrouble(thrown)) {
    return "Check the context's certificate-authority, tls-server-name and client certificate, and that none has expired.";
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return "Check the server's name in the kubeconfig, and this machine's DNS.";
  if (code === "ECONNREFUSED") return "Check that the API server runs, and the port in the kubeconfig.";
  if (/TIMEOUT|ETIMEDOUT|UNREACH/.test(code)) return "Check the VPN, the route and the firewall to the API server.";
  return "Check that the API server runs, and what stands between it and this machine.";
}

/** The server answers, but not to these credentials; `message` is in the server's words. */
export function refused({ name, server }: Place, message: string): UserError {
  return new UserError({
    code: "cluster-unreachable",
    what: `context ${name}: ${server} refuses the credentials (401): ${message}`,
    fix: `Check this context's user in the kubeconfig: an expired token or certificate, or a login that is due. Then try: kubectl --context ${name} get --raw /version`,
  });
}

/** Something answered that is no API server, e.g. the login page of a proxy. */
export function notKubernetes({ name, server }: Place, path: string, body: string): UserError {
  return new UserError({
    code: "cluster-unreachable",
    what: `context ${name}: ${server}${path} answered something that isn't JSON: ${body.trim().slice(0, 80)}`,
    fix: "Check that the server in the kubeconfig is an API server, and what stands between it and this machine.",
  });
}
