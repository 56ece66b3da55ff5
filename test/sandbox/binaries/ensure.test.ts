import { createHash } from "node:crypto";
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Downloads, NoDownload } from "../../../src/sandbox/binaries/download.js";
import { estimateOf, rememberDuration } from "../../../src/sandbox/binaries/durations.js";
import { ensureBinaries } from "../../../src/sandbox/binaries/ensure.js";
import { taggedPackages } from "../../../src/sandbox/binaries/openapi.js";
import { type BinaryEvent, describeBinaryEvent } from "../../../src/sandbox/binaries/progress.js";
import { sha256Of, store, storedPath, verifyStored } from "../../../src/sandbox/binaries/store.js";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "clustershift-binaries-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe("the store", () => {
  const what = { program: "tool", version: "1.2.3" };
  const put = async (text: string) => {
    const source = join(dir, "built");
    await writeFile(source, text);
    return store(dir, source, what);
  };

  it("keeps a program with its checksum, replaces it whole, and leaves nothing else", async () => {
    await put("one");
    const path = await put("two");
    expect(path).toBe(storedPath(dir, what));
    expect(await readFile(path, "utf8")).toBe("two");
    expect(await verifyStored(path)).toBe("good");
    expect(await readdir(join(dir, "bin", "tool"))).toEqual(["1.2.3"]);
  });

  it("sees damage and absence", async () => {
    const path = await put("one");
    await appendFile(path, "x");
    expect(await verifyStored(path)).toBe("damaged");
    await rm(path);
    expect(await verifyStored(path)).toBe("missing");
    await put("one");
    await rm(`${path}.sha256`);
    expect(await verifyStored(path)).toBe("missing");
  });
});

describe("ensureBinaries", () => {
  const nothing = { PATH: "", HTTPS_PROXY: "http://127.0.0.1:9" };

  it("says in one line what to install where it can neither download nor build", async () => {
    const env = { ...nothing, XDG_CACHE_HOME: dir };
    const refused = ensureBinaries(["etcd"], { env });
    await expect(refused).rejects.toMatchObject({ code: "tool-missing", fix: expect.stringContaining("install Go") });
    await expect(refused).rejects.toThrow(
      /^etcd 3\.6\.5 can be neither downloaded nor built: [^\n]*github\.com[^\n]*$/,
    );
    expect(await readdir(join(dir, "clustershift", "locks", "etcd-3.6.5"))).toEqual([]);
  });

  it("builds where the host can't be reached, remembers how long it took, and builds a damaged one again", async () => {
    // This stands in for Go: what it's asked to build is a file that says so.
    const bin = join(dir, "go-bin");
    await mkdir(bin);
    const upstream = join(dir, "upstream");
    await mkdir(upstream);
    await writeFile(join(upstream, "go.mod"), "go 1.24\nreplace a => ../a\n");
    await writeFile(join(upstream, "go.sum"), "");
    const script = `#!/bin/sh
case "$1" in
mod) echo '{"Dir": "${upstream}"}' ;;
build) while [ "$1" != -o ]; do shift; done; mkdir -p "$(dirname "$2")"; echo "built $3 with $GOFLAGS" >"$2" ;;
esac
`;
    await writeFile(join(bin, "go"), script);
    await chmod(join(bin, "go"), 0o755);
    const env = { ...nothing, PATH: `${bin}:/usr/bin:/bin`, XDG_CACHE_HOME: dir };
    const events: BinaryEvent[] = [];
    const run = () => ensureBinaries(["etcd", "kwok", "pulumi"], { env, onProgress: (event) => events.push(event) });

    const first = await run();
    expect(await readFile(first.etcd, "utf8")).toBe("built go.etcd.io/etcd/server/v3 with -mod=mod -buildvcs=false\n");
    // github.com was found unreachable at etcd, so nobody tried it again for Pulumi.
    expect(events.map(({ kind, what }) => `${what}: ${kind}`)).toEqual([
      "etcd 3.6.5: downloading",
      "etcd 3.6.5: building",
      "etcd 3.6.5: ready",
      "kwok 0.7.0: building",
      "kwok 0.7.0: ready",
      "pulumi 3.200.0: building",
      "pulumi 3.200.0: ready",
    ]);

    events.length = 0;
    expect(await run()).toEqual(first);
    expect(events).toEqual([]);

    await appendFile(first.etcd, "rot");
    expect(await run()).toEqual(first);
    expect(events.map(({ kind }) => kind)).toEqual(["damaged", "downloading", "building", "ready"]);
    expect(events.find(({ kind }) => kind === "building")).toMatchObject({
      n: 1,
      of: 1,
      estimate: { measuredHere: true },
    });
    expect(await readFile(first.etcd, "utf8")).not.toContain("rot");
  });
});

describe("downloads", () => {
  let server: Server;
  let base: string;
  const good = createHash("sha256").update("program").digest("hex");
  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === "/program") response.end("program");
      else if (request.url === "/sums") response.end(`${good}  program\n${"0".repeat(64)}  tampered\n`);
      else if (request.url === "/tampered") response.end("something else");
      else if (request.url === "/cut")
        response.writeHead(200, { "content-length": "100" }).write("pro", () => response.socket?.destroy());
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const fetched = async (file: string, checksums = `${base}/sums`) => {
    const downloads = new Downloads({ env: {} });
    try {
      return await downloads.fetch({ url: `${base}/${file}`, checksums, file }, join(dir, "download"));
    } finally {
      await downloads.close();
    }
  };

  it("are verified", async () => {
    const path = await fetched("program");
    expect(await readFile(path, "utf8")).toBe("program");
    expect(await sha256Of(path)).toBe(good);
  });

  it("refuse what isn't what was published, and delete it", async () => {
    await expect(fetched("tampered")).rejects.toMatchObject({ name: "UserError", code: "tool-missing" });
    expect(await readdir(join(dir, "download"))).toEqual([]);
  });

  it.each([
    ["the file isn't there", "absent"],
    ["the checksums don't name it", "cut"],
  ])("give way to a build where %s", async (_, file) => {
    await expect(fetched(file)).rejects.toThrow(NoDownload);
  });

  it("give way to a build where the transfer breaks off", async () => {
    const downloads = new Downloads({ env: {} });
    const cut = downloads.fetch({ url: `${base}/cut`, file: "cut" }, join(dir, "download"));
    await expect(cut).rejects.toThrow(/broke off/);
    await downloads.close();
  });
});

describe("durations", () => {
  it("are first the shipped ones, then this machine's", async () => {
    expect(await estimateOf(dir, "etcd")).toEqual({ seconds: 26, measuredHere: false });
    await rememberDuration(dir, "etcd", 3.4);
    await rememberDuration(dir, "kwok", 5);
    expect(await estimateOf(dir, "etcd")).toEqual({ seconds: 3, measuredHere: true });
    expect(await estimateOf(dir, "unknown")).toBeUndefined();
  });

  it("are forgotten where the file is damaged", async () => {
    await writeFile(join(dir, "durations.json"), "{");
    expect(await estimateOf(dir, "etcd")).toEqual({ seconds: 26, measuredHere: false });
  });

  it("are told", () => {
    const estimate = { seconds: 26, measuredHere: false };
    expect(
      describeBinaryEvent({
        kind: "building",
        what: "etcd 3.6.5",
        n: 1,
        of: 6,
        from: "Go modules",
        why: "no DNS",
        estimate,
      }),
    ).toBe("etcd 3.6.5 (1 of 6): building from Go modules, which took about 26 s on a machine with two cores; no DNS");
  });
});

it("finds the packages that the OpenAPI document describes", async () => {
  const files = {
    "core/v1/doc.go": "// +k8s:openapi-gen=true\npackage v1",
    "core/v2/doc.go": "// +k8s:openapi-gen=false\npackage v2",
    "core/v3/doc_test.go": "// +k8s:openapi-gen=true\npackage v3",
    "vendor/x/doc.go": "// +k8s:openapi-gen=true\npackage x",
    "generated/doc.go": "// +k8s:openapi-gen=true\npackage generated",
    "apps/doc.txt": "// +k8s:openapi-gen=true",
    "apps/v1/types.go": "package v1\n\n//+k8s:openapi-gen=package\ntype A struct{}",
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(dir, path, ".."), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  expect(await taggedPackages(dir, /\+k8s:openapi-gen=(true|package)/)).toEqual(["apps/v1", "core/v1"]);
});
