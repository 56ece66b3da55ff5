import { checkServerIdentity, connect, type PeerCertificate } from "node:tls";
import { deadline, networkTrouble } from "../host/network.js";
import { formatDuration, parseDuration } from "../model/duration.js";
import { resolveAddress } from "./address.js";
import { type Checker, failed, inconclusive, passed } from "./context.js";

interface Presented {
  certificate: PeerCertificate;
  /** Why the system doesn't trust the chain; undefined where it does. */
  distrust: string | undefined;
}

/** The certificate that green shows for production's name: trusted, for this name, and valid for long enough. */
export const tls: Checker<"tls"> = async (check, context) => {
  const host = resolveAddress(check.address, context);
  const validFor = parseDuration(check.validFor);
  if (validFor === undefined) return inconclusive(`${JSON.stringify(check.validFor)} is no duration.`);
  let presented: Presented;
  try {
    presented = await shake(host, check.port, check.serverName, deadline(context.timeoutMs, context.signal));
  } catch (error) {
    context.signal?.throwIfAborted();
    return failed(`TLS with ${host}:${check.port}: ${networkTrouble(error, context.timeoutMs)}; expected a handshake.`);
  }
  const { certificate, distrust } = presented;
  const wrong = certificateTroubles(certificate, check.serverName, context.clock.now(), validFor);
  if (check.trust === "system" && distrust) wrong.unshift(`its chain isn't trusted: ${distrust}`);
  const what = `The certificate of ${check.serverName} at ${host}:${check.port}`;
  return wrong.length > 0
    ? failed(`${what}: ${wrong.join("; ")}.`)
    : passed(`${what} is valid until ${new Date(certificate.valid_to).toISOString()}.`);
};

/** What is wrong with a certificate but for its chain. Times in milliseconds. */
export function certificateTroubles(
  certificate: PeerCertificate,
  serverName: string,
  now: number,
  validFor: number,
): string[] {
  const wrong: string[] = [];
  const from = Date.parse(certificate.valid_from);
  const to = Date.parse(certificate.valid_to);
  if (from > now) wrong.push(`it is valid only from ${new Date(from).toISOString()}`);
  if (to <= now) wrong.push(`it expired ${new Date(to).toISOString()}`);
  else if (to < now + validFor) {
    wrong.push(`it expires in ${formatDuration(to - now)}, and shall be valid for ${formatDuration(validFor)}`);
  }
  const stranger = checkServerIdentity(serverName, certificate);
  if (stranger) wrong.push(`it is for ${certificate.subjectaltname ?? certificate.subject?.CN ?? "nobody"}`);
  return wrong;
}

/** The handshake without judging: what is wrong is told by us, with all of it at once. */
function shake(host: string, port: number, servername: string, limit: AbortSignal): Promise<Presented> {
  return new Promise((done, refused) => {
    const socket = connect({ host, port, servername, rejectUnauthorized: false });
    const onAbort = () => socket.destroy(limit.reason as Error);
    limit.addEventListener("abort", onAbort, { once: true });
    socket.once("secureConnect", () => {
      limit.removeEventListener("abort", onAbort);
      const distrust = socket.authorized ? undefined : String(socket.authorizationError ?? "unknown");
      done({ certificate: socket.getPeerCertificate(), distrust });
      socket.destroy();
    });
    socket.once("error", (error) => {
      limit.removeEventListener("abort", onAbort);
      refused(error);
    });
  });
}
