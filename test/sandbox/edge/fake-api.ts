import type { KubeObject } from "../../../src/model/objects.js";
import type { KubeFetch, KubeResponse } from "../../../src/sandbox/edge/kube-fetch.js";

const PLURALS: Record<string, string> = {
  Ingress: "ingresses",
  Service: "services",
  EndpointSlice: "endpointslices",
  Endpoints: "endpoints",
  Pod: "pods",
  Node: "nodes",
  Secret: "secrets",
};

interface Watch {
  path: string;
  send(event: object): void;
  end(): void;
}

interface Change {
  version: number;
  type: string;
  object: KubeObject;
}

/** An API server in memory, which can be made to fail. Real ones are for the scenarios; this one is for their faults. */
export class FakeApi {
  /** `away` refuses connections. */
  away = false;
  /** Collections that it doesn't serve. */
  unserved = new Set<string>();
  /** Items a page, however many are asked for. */
  pageSize = 500;
  /** Every path that was asked for. */
  readonly requests: string[] = [];
  readonly #objects = new Map<string, KubeObject>();
  readonly #watches = new Set<Watch>();
  #history: Change[] = [];
  #version = 100;
  #oldest = 0;

  readonly fetch: KubeFetch = async (url, init) => {
    this.requests.push(url);
    if (this.away) throw new Error("ECONNREFUSED");
    const [path = "", query] = url.split("?");
    const search = new URLSearchParams(query);
    if (this.unserved.has(path) || !this.#served(path)) return json(404, { kind: "Status", code: 404 });
    if (search.get("watch") !== "1") return this.#list(path, search);
    const from = Number(search.get("resourceVersion"));
    if (from < this.#oldest) return json(410, { kind: "Status", code: 410 });
    return { status: 200, body: this.#watch(path, from, init?.signal) };
  };

  put(...objects: KubeObject[]): void {
    for (const object of objects) {
      const stored = this.#stamped(object);
      const type = this.#objects.has(idOf(object)) ? "MODIFIED" : "ADDED";
      this.#objects.set(idOf(object), stored);
      this.#tell(stored, type);
    }
  }

  remove(object: KubeObject): void {
    if (this.#objects.delete(idOf(object))) this.#tell(this.#stamped(object), "DELETED");
  }

  /** The server ends every watch, as it does after its time. */
  endWatches(): void {
    for (const watch of this.#watches) watch.end();
  }

  /** Forgets its history: the next watch from an older version gets 410. */
  compact(): void {
    this.#history = [];
    this.#version += 1;
    this.#oldest = this.#version;
  }

  /** Tells the watchers that their version is too old, in the stream. */
  expireWatches(): void {
    const status = { kind: "Status", code: 410, reason: "Expired", metadata: {} };
    for (const watch of this.#watches) watch.send({ type: "ERROR", object: status });
  }

  watchers(): number {
    return this.#watches.size;
  }

  #served(path: string): boolean {
    const plural = path.split("/").at(-1) ?? "";
    return Object.values(PLURALS).includes(plural);
  }

  #at(path: string): KubeObject[] {
    return [...this.#objects.values()].filter((object) => pathOf(object) === path);
  }

  #list(path: string, search: URLSearchParams): KubeResponse {
    const all = this.#at(path);
    const start = Number(search.get("continue") ?? 0);
    const end = start + this.pageSize;
    const items = all.slice(start, end).map(({ apiVersion: _, kind: __, ...rest }) => rest);
    const metadata = { resourceVersion: String(this.#version), ...(end < all.length ? { continue: String(end) } : {}) };
    const plural = path.split("/").at(-1) ?? "";
    const kind = Object.keys(PLURALS).find((name) => PLURALS[name] === plural);
    const apiVersion = path.replace(/^\/apis?\//, "").replace(/\/[^/]+$/, "");
    return json(200, { apiVersion, kind: `${kind}List`, metadata, items });
  }

  async *#watch(path: string, from: number, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const missed = this.#history.filter(({ version, object }) => version > from && pathOf(object) === path);
    const waiting: object[] = missed.map(({ type, object }) => ({ type, object }));
    let wake = () => {};
    let ended = false;
    const watch: Watch = {
      path,
      send: (event) => {
        waiting.push(event);
        wake();
      },
      end: () => {
        this.#watches.delete(watch);
        ended = true;
        wake();
      },
    };
    signal?.addEventListener("abort", watch.end);
    this.#watches.add(watch);
    try {
      while (!ended) {
        for (const event of waiting.splice(0)) {
          // Chunks of a stream don't keep to lines.
          const bytes = Buffer.from(`${JSON.stringify(event)}\n`);
          yield bytes.subarray(0, 7);
          yield bytes.subarray(7);
        }
        if (!ended && waiting.length === 0) {
          await new Promise<void>((woken) => {
            wake = woken;
          });
        }
      }
    } finally {
      watch.end();
      signal?.removeEventListener("abort", watch.end);
    }
  }

  #stamped(object: KubeObject): KubeObject {
    this.#version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
  }

  #tell(object: KubeObject, type: string): void {
    this.#history.push({ version: this.#version, type, object });
    for (const watch of this.#watches) if (watch.path === pathOf(object)) watch.send({ type, object });
  }
}

function pathOf({ apiVersion, kind }: KubeObject): string {
  return `${apiVersion.includes("/") ? "/apis" : "/api"}/${apiVersion}/${PLURALS[kind]}`;
}

function idOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

function json(status: number, body: object): KubeResponse {
  return {
    status,
    body: (async function* () {
      yield Buffer.from(JSON.stringify(body));
    })(),
  };
}
