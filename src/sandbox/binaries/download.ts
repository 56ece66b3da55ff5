import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Agent, type Dispatcher, fetch, ProxyAgent } from "undici";
import { messageOf, UserError } from "../../model/errors.js";
import { findChecksum, type Release } from "./release.js";
import { runCommand } from "./run-command.js";
import { sha256Of } from "./store.js";

/** Why a file can't be had, in words; the caller builds the program instead. */
export class NoDownload extends Error {
  override readonly name = "NoDownload";
}

const connectTimeout = 3_000;
const stallTimeout = 30_000;

/**
 * Downloads for one run. A host that can't be reached at the first try (no DNS, refused, silence for 3 s) isn't asked again:
 * on a machine without internet that would cost the time-out for each program.
 */
export class Downloads {
  readonly #unreachable = new Map<string, string>();
  readonly #dispatcher: Dispatcher;
  readonly #signal: AbortSignal | undefined;

  constructor({ env, signal }: { env: NodeJS.ProcessEnv; signal?: AbortSignal | undefined }) {
    const timeouts = { headersTimeout: stallTimeout, bodyTimeout: stallTimeout, connect: { timeout: connectTimeout } };
    const proxy = env.HTTPS_PROXY || env.https_proxy;
    this.#dispatcher = proxy ? new ProxyAgent({ uri: proxy, ...timeouts }) : new Agent(timeouts);
    this.#signal = signal;
  }

  /**
   * Fetches a release into `folder`, verifies it and returns the program's file.
   * @throws NoDownload where it can't be had; UserError where it isn't what the project published.
   */
  async fetch(release: Release, folder: string): Promise<string> {
    const expected = release.checksums && findChecksum(await this.#text(release.checksums), release.file);
    if (release.checksums && !expected) throw new NoDownload(`${release.checksums} doesn't name ${release.file}`);
    await mkdir(folder, { recursive: true });
    const path = join(folder, release.file);
    await this.#save(release.url, path);
    const actual = await sha256Of(path);
    if (expected && actual !== expected) {
      await rm(path, { force: true });
      throw new UserError({
        code: "tool-missing",
        what: `${release.url} has the SHA-256 ${actual}, but ${release.checksums} says ${expected}; the file was deleted.`,
        fix: "Run the command again; if it stays so, something between here and there changes downloads: ask who runs the proxy.",
      });
    }
    if (!release.member) return path;
    await runCommand("tar", ["-xf", path, "-C", folder, release.member], { signal: this.#signal });
    return join(folder, release.member);
  }

  /** @throws NoDownload where this host was found unreachable before. */
  assertReachable(url: string): void {
    const known = this.#unreachable.get(new URL(url).origin);
    if (known) throw new NoDownload(known);
  }

  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  async #text(url: string): Promise<string> {
    return (await this.#get(url)).text();
  }

  async #save(url: string, path: string): Promise<void> {
    const { body } = await this.#get(url);
    if (!body) throw new NoDownload(`${url} is empty`);
    await pipeline(Readable.fromWeb(body), createWriteStream(path), { signal: this.#signal }).catch((thrown) => {
      this.#signal?.throwIfAborted();
      throw new NoDownload(`${url} broke off: ${messageOf(thrown)}`);
    });
  }

  async #get(url: string) {
    this.assertReachable(url);
    const { origin, host } = new URL(url);
    const response = await fetch(url, { dispatcher: this.#dispatcher, signal: this.#signal ?? null }).catch(
      (thrown) => {
        this.#signal?.throwIfAborted();
        const cause = thrown instanceof Error && thrown.cause ? thrown.cause : thrown;
        const words = `${host} can't be reached: ${messageOf(cause)}`;
        this.#unreachable.set(origin, words);
        throw new NoDownload(words);
      },
    );
    if (response.ok) return response;
    await response.body?.cancel();
    throw new NoDownload(`${url} answered ${response.status}`);
  }
}
