import { type Dispatcher, request } from "undici";
import { agentTo, readBody } from "../host/http.js";
import { deadline, networkTrouble } from "../host/network.js";
import { resolveAddress } from "./address.js";
import { type Checker, failed, type Outcome, passed } from "./context.js";

/**
 * Asks green under production's name: the connection goes to green's address, and Host header, SNI and certificate check
 * are the URL's. Redirects are answers like others, and not followed.
 */
export const http: Checker<"http"> = async (check, context) => {
  const address = resolveAddress(check.address, context);
  const { timeoutMs } = context;
  const agent = agentTo({ address, timeoutMs });
  try {
    const signal = deadline(timeoutMs, context.signal);
    const answer = await request(check.url, { dispatcher: agent, signal });
    const { bytes } = await readBody(answer.body);
    return judge(check, answer, bytes.toString("utf8"), address);
  } catch (error) {
    context.signal?.throwIfAborted();
    return failed(`GET ${check.url} at ${address}: ${networkTrouble(error, timeoutMs)}; expected ${check.status}.`);
  } finally {
    await agent.destroy();
  }
};

function judge(
  check: Parameters<typeof http>[0],
  { statusCode, headers }: Dispatcher.ResponseData,
  body: string,
  address: string,
): Outcome {
  const wrong: string[] = [];
  if (statusCode !== check.status) wrong.push(`status ${statusCode}, expected ${check.status}`);
  for (const [name, expected] of Object.entries(check.header)) {
    const seen = [headers[name.toLowerCase()] ?? []].flat().join(", ");
    if (seen !== expected)
      wrong.push(`header ${name} ${seen ? JSON.stringify(seen) : "missing"}, expected "${expected}"`);
  }
  if (check.bodyContains !== undefined && !body.includes(check.bodyContains)) {
    wrong.push(`body without ${JSON.stringify(check.bodyContains)}: ${JSON.stringify(body.slice(0, 120))}`);
  }
  const asked = `GET ${check.url} at ${address}`;
  return wrong.length > 0 ? failed(`${asked}: ${wrong.join("; ")}.`) : passed(`${asked}: status ${statusCode}.`);
}
