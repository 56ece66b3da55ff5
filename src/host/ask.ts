import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { request } from "undici";
import { agentTo, readBody } from "./http.js";
import { deadline } from "./network.js";

/** Texts: a bearer token, and certificates (PEM) to trust in place of the system's. */
interface Credentials {
  token?: string;
  ca?: string;
}

/** A place that is asked by HTTP. */
export interface Asked {
  url: string | URL;
  timeoutMs: number;
  accept: string;
  credentials: Credentials;
  signal?: AbortSignal | undefined;
}

/** One GET; `whole` is false where the answer is longer than 1 MiB. @throws the network's error, or the signal's reason */
export async function ask(asked: Asked): Promise<{ status: number; text: string; whole: boolean }> {
  const { url, timeoutMs, accept, signal } = asked;
  const { token, ca } = asked.credentials;
  const agent = agentTo({ timeoutMs, ...(ca !== undefined && { ca }) });
  try {
    const answer = await request(url, {
      dispatcher: agent,
      signal: deadline(timeoutMs, signal),
      headers: { accept, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    });
    const { bytes, whole } = await readBody(answer.body);
    return { status: answer.statusCode, text: bytes.toString("utf8"), whole };
  } finally {
    await agent.destroy();
  }
}

interface Where {
  token?: { env: string } | { file: string } | undefined;
  ca?: string | undefined;
}

/** Read from where the configuration says that they are: it never holds a token itself. @throws where one is missing */
export async function credentialsOf(
  { token, ca }: Where,
  { env, dir }: { env: NodeJS.ProcessEnv; dir: string },
): Promise<Credentials> {
  return {
    ...(token && { token: await tokenOf(token, env, dir) }),
    ...(ca !== undefined && { ca: await readFile(resolve(dir, ca), "utf8") }),
  };
}

async function tokenOf(token: NonNullable<Where["token"]>, env: NodeJS.ProcessEnv, dir: string): Promise<string> {
  const text = "env" in token ? env[token.env] : await readFile(resolve(dir, token.file), "utf8");
  if (text?.trim()) return text.trim();
  const where = "env" in token ? `the environment variable ${token.env}` : `the file ${token.file}`;
  throw new Error(`${where} holds no token`);
}
