import { ask } from "../../host/ask.js";
import { messageOf } from "../../model/errors.js";
import type { KubeObject } from "../../model/objects.js";
import type { Preflight } from "../../model/preflight.js";
import { registriesOf } from "../../plan/images.js";
import type { Context } from "./command.js";

const registryTimeoutMs = 5_000;
/** Docker Hub's API has another name than its images do. */
const aliases: Record<string, string> = { "docker.io": "registry-1.docker.io" };

/** Whether the registries that pods run images from answer: from here, which is not from green. */
export async function askRegistries(
  objects: readonly KubeObject[],
  { edges }: Context,
): Promise<Preflight["registries"]> {
  const registries = await Promise.all(
    registriesOf(objects).map(async ({ host }) => {
      const url = `https://${aliases[host] ?? host}/v2/`;
      const question = { url, timeoutMs: registryTimeoutMs, accept: "application/json", credentials: {} };
      // Whatever it answers, also that nobody is let in without a token: it is there.
      return ask({ ...question, signal: edges.signal }).then(
        ({ status }) => ({ host, answer: status, why: "" }),
        (error: unknown) => ({ host, answer: null, why: messageOf(error) }),
      );
    }),
  );
  edges.signal.throwIfAborted();
  return registries;
}
