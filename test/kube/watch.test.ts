import { expect, it } from "vitest";
import type { WatchEvent } from "../../src/kube/api.js";
import { lines } from "../../src/kube/lines.js";
import { type Answer, collect, connectTo, fakeServer, status } from "./fake-server.js";
import { configMap, configMaps } from "./server.js";

function event(type: string, name: string, resourceVersion: string) {
  const { metadata, ...rest } = configMap("shop", name);
  return { type, object: { ...rest, metadata: { ...metadata, resourceVersion } } };
}

/** These lines, and then the connection ends as `end` says. */
function stream(events: object[], end: "close" | "reset" | "stay", rest = ""): Answer {
  return {
    handle: (request, response) => {
      response.writeHead(200);
      response.write(events.map((entry) => `${JSON.stringify(entry)}\n`).join("") + rest, () => {
        if (end === "close") response.end();
        if (end === "reset") setTimeout(() => request.socket.resetAndDestroy(), 20);
      });
    },
  };
}

/** Reads so many events, then stops by the signal. */
async function take(url: string, count: number): Promise<WatchEvent[]> {
  const kube = await connectTo(url);
  const stop = new AbortController();
  const events: WatchEvent[] = [];
  for await (const entry of kube.watch(configMaps, "5", { signal: stop.signal })) {
    if (events.push(entry) === count) stop.abort();
  }
  return events;
}

const versions = (requests: string[]) => requests.map((line) => /resourceVersion=(\d+)/.exec(line)?.[1]);

it("goes on where it stopped, however the connection ended", async () => {
  const bookmark = { type: "BOOKMARK", object: { kind: "ConfigMap", metadata: { resourceVersion: "9" } } };
  const server = await fakeServer(
    stream([event("ADDED", "a", "6")], "close"),
    stream([event("MODIFIED", "a", "7"), bookmark], "reset", '{"type":"ADDED","obj'),
    status(503, "ServiceUnavailable"),
    stream([event("DELETED", "a", "10")], "stay"),
  );
  const events = await take(server.url, 4);
  expect(events.map(({ type }) => type)).toEqual(["ADDED", "MODIFIED", "BOOKMARK", "DELETED"]);
  expect(events[2]).toEqual({ type: "BOOKMARK", resourceVersion: "9" });
  expect(versions(server.requests)).toEqual(["5", "6", "9", "9"]);
});

it.each<[string, Answer]>([
  ["as an answer", status(410, "Expired", "too old")],
  [
    "as an event",
    stream([{ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired", message: "too old" } }], "stay"),
  ],
])("ends with the server's 410, whether it comes %s", async (_, answer) => {
  const server = await fakeServer(answer);
  const kube = await connectTo(server.url);
  await expect(collect(kube.watch(configMaps, "5"))).rejects.toMatchObject({ status: 410, message: "too old" });
});

it("ends without an error by its signal, also while nothing comes", async () => {
  const server = await fakeServer(stream([], "stay"));
  const kube = await connectTo(server.url);
  const stop = new AbortController();
  const watching = collect(kube.watch(configMaps, "5", { signal: stop.signal }));
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  expect(await watching).toEqual([]);
});

it("opens a silent connection again, in case it is dead", async () => {
  const server = await fakeServer(stream([], "stay"), stream([event("ADDED", "a", "6")], "stay"));
  const kube = await connectTo(server.url, {}, { watchSilenceTimeoutMs: 50 });
  for await (const entry of kube.watch(configMaps, "5")) {
    expect(entry).toMatchObject({ type: "ADDED" });
    break;
  }
  expect(server.requests).toHaveLength(2);
});

it("leaves connections for calls, however many watches there are", async () => {
  const server = await fakeServer({
    handle: (request, response) => {
      response.writeHead(200);
      if (request.url?.includes("watch=true")) response.write("");
      else response.end("{}");
    },
  });
  const kube = await connectTo(server.url, {}, { connections: 2 });
  const stop = new AbortController();
  const watches = Array.from({ length: 8 }, () => collect(kube.watch(configMaps, "5", { signal: stop.signal })));
  while (server.requests.length < 8) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await kube.get(configMaps, "a", "b")).toEqual({});
  stop.abort();
  await Promise.all(watches);
});

it("cuts lines where the bytes have newlines, also within a character of several bytes", async () => {
  const bytes = Buffer.from('{"a":"ü€😀"}\n\n{"b":1}\nrest');
  for (let size = 1; size <= bytes.length; size++) {
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    expect(await collect(lines(chunks()))).toEqual(['{"a":"ü€😀"}', "", '{"b":1}']);
  }
});
