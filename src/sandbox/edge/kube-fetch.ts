/** Of a `Response`: what list and watch read. A `Response` of fetch or undici is one. */
export interface KubeResponse {
  status: number;
  body: AsyncIterable<Uint8Array> | null;
}

/**
 * GETs a path of one cluster's API server (`/api/v1/pods?limit=500`), with that cluster's certificates. Resolves with any
 * status; rejects when there's no answer.
 */
export type KubeFetch = (path: string, init?: { signal?: AbortSignal }) => Promise<KubeResponse>;

/** The lines of a body, without their ends. */
export async function* linesOf(body: KubeResponse["body"]): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest) yield rest;
}

export async function textOf(body: KubeResponse["body"]): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body ?? []) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
