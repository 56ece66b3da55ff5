import { createHmac } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { UserError } from "../../../src/model/errors.js";
import { openSink, type SinkConfig } from "../../../src/notify/sinks/index.js";
import { noticeWith } from "../notices.js";
import { receiver } from "../receiver.js";

const never = new AbortController().signal;
const now = () => Date.parse("2026-11-28T21:00:00Z");

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "clustershift-notify-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const open = async (
  config: Partial<SinkConfig> & { kind: SinkConfig["kind"] },
  env: NodeJS.ProcessEnv,
  dir = "/nowhere",
) => openSink({ name: "it", events: ["start"], ...config } as SinkConfig, { env, dir, now, timeoutMs: 2_000 });

describe("openSink", () => {
  it("posts to Slack by an address from the environment", async () => {
    const { url, received } = await receiver();
    const sink = await open({ kind: "slack", url: { env: "HOOK" } }, { HOOK: ` ${url}/services/T0\n` });
    expect(await sink.deliver(noticeWith(), never)).toEqual({ outcome: "delivered" });
    expect(received[0]?.path).toBe("/services/T0");
    expect(received[0]?.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({ text: "*a title*\none line\nanother" });
  });

  it("posts the event to any other, signed with its time", async () => {
    const dir = await folder();
    const { url, received } = await receiver();
    await writeFile(join(dir, "url"), `${url}\n`);
    const sink = await open({ kind: "webhook", url: { file: "url" }, secret: { env: "KEY" } }, { KEY: "k" }, dir);
    await sink.deliver(noticeWith({ title: "größer" }), never);
    const body = received[0]?.body ?? "";
    const headers = received[0]?.headers ?? {};
    expect(JSON.parse(body)).toMatchObject({ format: 1, id: "run-1/1", kind: "start", seq: 1, title: "größer" });
    expect(headers["x-clustershift-id"]).toBe("run-1/1");
    expect(headers["x-clustershift-event"]).toBe("start");
    expect(headers["x-clustershift-timestamp"]).toBe(String(now() / 1000));
    const signed = createHmac("sha256", "k")
      .update(`${now() / 1000}.${body}`)
      .digest("hex");
    expect(headers["x-clustershift-signature"]).toBe(`sha256=${signed}`);
  });

  it("signs nothing where there is no key", async () => {
    const { url, received } = await receiver();
    const sink = await open({ kind: "webhook", url: { env: "HOOK" } }, { HOOK: url });
    await sink.deliver(noticeWith(), never);
    expect(Object.keys(received[0]?.headers ?? {}).filter((name) => /signature|timestamp/.test(name))).toEqual([]);
  });

  it("appends a line to a file for each", async () => {
    const dir = await folder();
    const sink = await open({ kind: "file", path: "trail.jsonl" }, {}, dir);
    await sink.deliver(noticeWith({ seq: 1 }), never);
    await sink.deliver(noticeWith({ seq: 2 }), never);
    const lines = (await readFile(join(dir, "trail.jsonl"), "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(["run-1/1", "run-1/2"]);
  });

  it("says why a file can't be written", async () => {
    const sink = await open({ kind: "file", path: "no/such/folder" }, {}, await folder());
    expect(await sink.deliver(noticeWith(), never)).toMatchObject({
      outcome: "refused",
      why: expect.stringMatching(/ENOENT/),
    });
  });

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ["isn't set", {}, /environment variable HOOK isn't set/],
    ["is empty", { HOOK: " " }, /HOOK is empty/],
    ["holds no address", { HOOK: "T0/secret" }, /HOOK holds no http/],
    ["holds another kind of address", { HOOK: "file:///T0/secret" }, /HOOK holds no http/],
  ])("refuses an address that %s, and doesn't show it", async (_, env, words) => {
    const error = await open({ kind: "slack", url: { env: "HOOK" } }, env).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(words);
    expect(JSON.stringify(error) + (error as UserError).message).not.toContain("secret");
  });

  it("refuses a file that isn't there, by its name", async () => {
    const opened = open({ kind: "slack", url: { file: "hook" } }, {}, await folder());
    await expect(opened).rejects.toThrow(/the file hook can't be read \(ENOENT\)/);
  });
});
