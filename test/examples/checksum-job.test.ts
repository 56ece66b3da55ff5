import { execFile, execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { listAll } from "../../src/kube/list-all.js";
import type { KubeObject } from "../../src/model/objects.js";
import { claims } from "../../src/volumes/edges.js";
import { Hand, open, servers, why } from "../replay/servers.js";
import { until } from "../workloads/servers.js";

const script = fileURLToPath(new URL("../../examples/checksum-job/checksum.sh", import.meta.url));
const kubectl = kubectlOnPath();
const missing = servers && !kubectl ? " (skipped: kubectl isn't on PATH)" : why;
const green = servers && kubectl ? await open(servers.greenFile) : undefined;
afterAll(() => green?.close());

function kubectlOnPath(): string | undefined {
  try {
    return execFileSync("sh", ["-c", "command -v kubectl"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

it.skipIf(!green)(
  `the example of a checksum mounts the claim, prints the sum and leaves nothing${missing}`,
  async () => {
    if (!green || !servers) return;
    const hand = new Hand(green);
    const namespace = `checksum-${process.pid}`;
    const dir = await mkdtemp(join(tmpdir(), "clustershift-checksum-"));
    // No kubelet runs the Pod here, and only its log can't be had without one.
    const shim = `#!/bin/sh\ncase " $* " in *' logs '*) echo reading; echo the-sum ;; *) exec ${kubectl} --cache-dir ${dir}/cache "$@" ;; esac\n`;
    await writeFile(join(dir, "kubectl"), shim);
    await chmod(join(dir, "kubectl"), 0o755);
    const space: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
    await hand.write(space);
    const podKind = { ...claims, kind: "Pod", resource: "pods" };
    const pods = async () => (await listAll(green, podKind)).filter(({ metadata }) => metadata.namespace === namespace);
    const env = {
      ...process.env,
      PATH: `${dir}${delimiter}${process.env.PATH ?? ""}`,
      KUBECONFIG: servers.greenFile,
      GREEN_CONTEXT: green.name,
      CLUSTERSHIFT_SIDE: "green",
      CLUSTERSHIFT_NAMESPACE: namespace,
      CLUSTERSHIFT_CLAIM: "data-db-0",
    };
    const runUntil = async (phase: "Succeeded" | "Failed") => {
      const running = promisify(execFile)(script, { env }).then(
        ({ stdout }) => ({ code: 0, stdout }),
        ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
      );
      await until("its Pod is there", async () => (await pods()).length === 1);
      const [pod] = await pods();
      await green.patch(
        podKind,
        pod?.metadata.name ?? "",
        { status: { phase } },
        { namespace, type: "merge", subresource: "status" },
      );
      return { ...(await running), mounted: pod?.spec };
    };
    try {
      expect(await runUntil("Succeeded")).toMatchObject({
        code: 0,
        stdout: "the-sum\n",
        mounted: { volumes: [{ persistentVolumeClaim: { claimName: "data-db-0" } }] },
      });
      expect(await pods()).toEqual([]);
      expect(await runUntil("Failed")).toMatchObject({ code: 1, stdout: "" });
      expect(await pods()).toEqual([]);
    } finally {
      await hand.remove(space);
      await rm(dir, { recursive: true, force: true });
    }
  },
);
