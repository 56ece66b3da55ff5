import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { writeBundle } from "../../../src/bundle/write.js";
import type { ApiResource, KubeObject } from "../../../src/model/objects.js";
import { FileJournal } from "../../../src/run/journal.js";
import { RunFolder } from "../../../src/run/run-folder.js";
import { Workplace } from "../../harness/clustershift.js";
import { region } from "./account.js";
import { blueOwner, cluster, type Garden, persistentVolumes } from "./plant.js";

/** Where the real command is run: a folder with a configuration, and a run whose blue is gone. */
export interface SweepPlace {
  place: Workplace;
  run: RunFolder;
}

/** Green as its kubeconfig leads to it. */
export interface GreenAccess {
  kubeconfig: string;
  context: string;
  clusterId: string;
}

const at = new Date("2026-11-28T22:00:00Z");

export async function sweepPlace(
  { blueVolumes, keep }: Pick<Garden, "blueVolumes" | "keep">,
  green: GreenAccess,
  endpoint: string,
): Promise<SweepPlace> {
  const dir = await mkdtemp(join(tmpdir(), "clustershift-teardown-"));
  const work = join(dir, "work");
  await mkdir(work);
  const config = {
    apiVersion: "clustershift.dev/v1",
    environment: "acme production",
    blue: { name: "blue.acme.example", context: "gone", teardown: { command: ["true"], cluster, ...keep } },
    green: { name: "acme-1-35", version: "1.35", stack: { kind: "sandbox", sandbox: "none" } },
    aws: { region, endpoint },
    record: { green: false },
  };
  await writeFile(join(work, "clustershift.yaml"), stringify(config));
  const run = new RunFolder(join(work, "runs"), "20261128T220000Z");
  await mkdir(run.dir, { recursive: true });
  await writeBundle({
    dir: run.bundlePath,
    kinds: [listed(persistentVolumes, blueVolumes.map(volume)), listed(deployments, [externalDns])],
    source: { name: cluster, version: "v1.24.17", clusterId: "blue-id" },
    recipients: [],
    now: at,
  });
  await run.write("green.json", {
    ...{ format: 1, stack: "acme-1-35", clusterId: green.clusterId, version: "v1.35.4" },
    ...{ kubeconfig: green.kubeconfig, context: green.context, readyAt: at.toISOString(), addresses: {} },
  });
  const journal = await FileJournal.open(run.journalPath, () => at);
  const [step, target] = ["teardown/blue.acme.example", "blue.acme.example"];
  await journal.append({ type: "intent", step, phase: "teardown", what: "remove it", target, before: {}, after: null });
  await journal.append({ type: "done", step, result: null });
  await journal.append({ type: "event", phase: "teardown", event: "completed", data: {} });
  await journal.close();
  const env = { ...process.env, HOME: dir, XDG_STATE_HOME: join(dir, "state"), KUBECONFIG: join(dir, "none") };
  return { place: new Workplace(work, env), run };
}

/** The whole of what a person types to remove everything that was found. */
export function removeAll(garden: Garden): string[] {
  const data = garden.orphans.filter(({ kind }) => kind === "volume" || kind === "snapshot").map(({ id }) => id);
  return ["teardown", "--sweep", "--confirm", "blue.acme.example", "--remove-orphans", "all", ...data];
}

const deployments: ApiResource = {
  ...{ group: "apps", version: "v1", kind: "Deployment", resource: "deployments", namespaced: true },
  ...{ verbs: ["get", "list"], subresources: [] },
};

const volume = (id: string, index: number): KubeObject => ({
  ...{ apiVersion: "v1", kind: "PersistentVolume", metadata: { name: `data-${index}` } },
  spec: { csi: { driver: "ebs.csi.aws.com", volumeHandle: id } },
});

const externalDns: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "external-dns", namespace: "dns" },
  spec: {
    replicas: 1,
    template: {
      spec: {
        containers: [
          {
            name: "external-dns",
            image: "registry.k8s.io/external-dns/external-dns:v0.15.0",
            args: ["--provider=aws", `--txt-owner-id=${blueOwner}`],
          },
        ],
      },
    },
  },
};

function listed(resource: ApiResource, items: KubeObject[]) {
  return {
    resource,
    pages: (async function* () {
      yield { items };
    })(),
  };
}
