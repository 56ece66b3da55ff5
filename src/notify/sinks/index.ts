import { appendFile, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Config } from "../../config/schema.js";
import { messageOf, UserError } from "../../model/errors.js";
import type { Notice } from "../notice.js";
import { type Post, post } from "./post.js";
import type { Sink } from "./sink.js";
import { slackBody } from "./slack.js";
import { eventBody, signatureHeaders } from "./webhook.js";

export type SinkConfig = Config["notify"]["sinks"][number];
type Secret = { env: string } | { file: string };

export interface SinkEdges {
  env: NodeJS.ProcessEnv;
  /** Folder that paths are relative to. */
  dir: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** How long one try may take, milliseconds. */
  timeoutMs: number;
}

/**
 * Opens one sink. Sends nothing.
 *
 * @throws UserError `config-invalid` where its address or key can't be had; it names the variable or file, and never the content
 */
export async function openSink(config: SinkConfig, edges: SinkEdges): Promise<Sink> {
  const common = { name: config.name, events: new Set(config.events) };
  switch (config.kind) {
    case "slack": {
      const url = await urlOf(config.name, config.url, edges);
      return { ...common, deliver: (notice, signal) => post(slackPost(url, notice), { ...edges, signal }) };
    }
    case "webhook": {
      const url = await urlOf(config.name, config.url, edges);
      const secret = config.secret && (await secretOf(config.name, "secret", config.secret, edges));
      return {
        ...common,
        deliver: (notice, signal) => post(eventPost(url, notice, secret, edges.now()), { ...edges, signal }),
      };
    }
    case "file": {
      const path = resolve(edges.dir, config.path);
      return {
        ...common,
        deliver: (notice) =>
          appendFile(path, `${JSON.stringify(eventBody(notice))}\n`).then(
            () => ({ outcome: "delivered" }),
            (error: unknown) => ({ outcome: "refused", why: messageOf(error), again: true }),
          ),
      };
    }
  }
}

const json = { "content-type": "application/json; charset=utf-8", "user-agent": "clustershift" };

function slackPost(url: URL, notice: Notice): Post {
  return { url, body: JSON.stringify(slackBody(notice)), headers: json };
}

function eventPost(url: URL, notice: Notice, secret: string | undefined, now: number): Post {
  const body = JSON.stringify(eventBody(notice));
  return {
    url,
    body,
    headers: {
      ...json,
      "x-clustershift-event": notice.kind,
      "x-clustershift-id": notice.id,
      ...(secret !== undefined && signatureHeaders(body, secret, now)),
    },
  };
}

async function urlOf(sink: string, secret: Secret, edges: SinkEdges): Promise<URL> {
  const text = await secretOf(sink, "url", secret, edges);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ["http:", "https:"].includes(url.protocol)) return url;
  throw unusable(sink, "url", secret, "holds no http(s) address");
}

async function secretOf(sink: string, key: string, secret: Secret, { env, dir }: SinkEdges): Promise<string> {
  const text =
    "env" in secret
      ? env[secret.env]
      : await readFile(resolve(dir, secret.file), "utf8").catch((error: NodeJS.ErrnoException) => {
          throw unusable(sink, key, secret, `can't be read (${error.code})`);
        });
  if (text?.trim()) return text.trim();
  throw unusable(sink, key, secret, text === undefined ? "isn't set" : "is empty");
}

function unusable(sink: string, key: string, secret: Secret, why: string): UserError {
  const where = "env" in secret ? `the environment variable ${secret.env}` : `the file ${secret.file}`;
  return new UserError({
    code: "config-invalid",
    what: `notify sink "${sink}", ${key}: ${where} ${why}.`,
    fix: "env" in secret ? `Set ${secret.env}.` : `Write it into ${secret.file}.`,
  });
}
