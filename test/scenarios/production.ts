import { mkdtempSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DescribeAddressesCommand } from "@aws-sdk/client-ec2";
import { ListResourceRecordSetsCommand, type ResourceRecordSet } from "@aws-sdk/client-route-53";
import { parseDocument } from "yaml";
import { connect } from "../../src/kube/connect.js";
import type { JournalEntry } from "../../src/model/journal.js";
import type { KubeObject } from "../../src/model/objects.js";
import { readJournal } from "../../src/run/journal.js";
import { emulatorClients } from "../../src/sandbox/aws/clients.js";
import { query } from "../../src/sandbox/dns/query.js";
import { createIdentity } from "../../src/sandbox/identity.js";
import { SandboxFolder, type SandboxRecord } from "../../src/sandbox/sandbox-folder.js";
import { Workplace } from "../harness/clustershift.js";

/** Everything in the hosted zone and every Elastic IP, as AWS says it. */
export interface Snapshot {
  records: ResourceRecordSet[];
  /** Without association ids, which AWS makes anew each time. */
  addresses: Record<string, unknown>[];
}

/** One sandbox, and the folder of the person who migrates its production. */
export class Production {
  readonly sandbox = "scenarios";
  readonly dir = mkdtempSync(join(tmpdir(), "clustershift-scenario-"));
  /** Where the work is done. The mark is found again in every process that is started from here, however deep. */
  readonly place = new Workplace(join(this.dir, "place"), { ...process.env, SANDBOX_MARK: this.dir });
  readonly folder = new SandboxFolder(this.place.env, this.sandbox);
  #record: Required<SandboxRecord> | undefined;
  #before: Snapshot | undefined;
  /** The same after a whole cutover that nobody killed. */
  moved: Snapshot | undefined;

  async start(): Promise<void> {
    await mkdir(this.place.dir);
    // Waits for TTLs and between looks are bounded where no process of its own is killed: nothing is measured by them.
    this.place.sleep = (ms, until) => sleep(Math.min(ms, 500), undefined, until ? { signal: until } : {});
    await this.place.succeed("sandbox", "up", "--name", this.sandbox);
    this.#record = await this.folder.require();
    this.#before = await this.snapshot();
  }

  /** The zone and the addresses as they were before anybody did anything. */
  get before(): Snapshot {
    if (!this.#before) throw new Error("the sandbox doesn't stand");
    return this.#before;
  }

  async end(): Promise<void> {
    await this.place.run(["sandbox", "down", "--name", this.sandbox]);
    await rm(this.dir, { recursive: true, force: true });
  }

  get record(): Required<SandboxRecord> {
    if (!this.#record) throw new Error("the sandbox doesn't stand");
    return this.#record;
  }

  get blueAdmin(): string {
    return this.adminOf("blue");
  }

  /** The kubeconfig of a cluster's administrator. */
  adminOf(cluster: string): string {
    return join(this.folder.controlPlane(cluster), "kubeconfig.yaml");
  }

  /** What must never run on both clusters at once is handed over, by an identity of its own, as a platform team would set it up. */
  async makeExclusive(rules: readonly object[], blue = "blue"): Promise<void> {
    const context = "blue-hand-over";
    const kubeconfig = `${context}.kubeconfig.yaml`;
    const file = join(this.place.dir, "clustershift.yaml");
    const document = parseDocument(await readFile(file, "utf8"));
    document.setIn(["workloads", "exclusive"], { rules, kubeconfig, context });
    await writeFile(file, document.toString());
    const { json } = await this.place.json<{ objects: KubeObject[] }>("permissions", context);
    const adminKubeconfig = this.adminOf(blue);
    const kube = await connect({ kubeconfig: adminKubeconfig, context: blue, env: {} });
    try {
      const identity = await createIdentity({
        ...{ kube, adminKubeconfig, permissions: json.objects, context, now: new Date() },
      });
      await writeFile(join(this.place.dir, kubeconfig), identity, { mode: 0o600 });
    } finally {
      await kube.close();
    }
  }

  /** The only run's folder. */
  async runDir(place: Workplace = this.place): Promise<string> {
    const [only, ...others] = await readdir(join(place.dir, "runs"));
    if (!only || others.length > 0) throw new Error(`${others.length + 1} runs in ${place.dir}`);
    return join(place.dir, "runs", only);
  }

  async journal(place: Workplace = this.place): Promise<JournalEntry[]> {
    return readJournal(join(await this.runDir(place), "journal.jsonl"));
  }

  async read<Shape>(file: string, place: Workplace = this.place): Promise<Shape> {
    return JSON.parse(await readFile(join(await this.runDir(place), file), "utf8")) as Shape;
  }

  /**
   * Another person's copy of the folder as it is now: what is done to it doesn't touch this one. Its record has no copy in green,
   * where two folders of one run would be seen to go different ways.
   */
  async copy(name: string): Promise<Workplace> {
    const place = new Workplace(join(this.dir, name), this.place.env);
    await cp(this.place.dir, place.dir, { recursive: true, filter: (path) => !path.includes(".clustershift") });
    const file = join(place.dir, "clustershift.yaml");
    const document = parseDocument(await readFile(file, "utf8"));
    document.setIn(["record", "green"], false);
    await writeFile(file, document.toString());
    return place;
  }

  /** Changes a state file of a copy by hand. */
  async edit(place: Workplace, file: string, change: (content: Record<string, unknown>) => void): Promise<void> {
    const path = join(await this.runDir(place), file);
    const content = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
    change(content);
    await writeFile(path, JSON.stringify(content));
  }

  async snapshot(): Promise<Snapshot> {
    const { ports, region, aws } = this.record;
    const { ec2, route53 } = emulatorClients(`http://127.0.0.1:${ports.moto}`, region);
    const zone = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: aws.hostedZoneId }));
    if (zone.IsTruncated) throw new Error("the zone has more than one page");
    const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
    return {
      records: zone.ResourceRecordSets ?? [],
      addresses: Addresses.map(({ AssociationId: _, ...rest }) => rest),
    };
  }

  /** How many of `count` uncached answers for a host of the zone led to each cluster, and to nothing else. */
  async answers(host: string, count: number): Promise<{ blue: number; green: number }> {
    const { addresses, ports, zone } = this.record;
    const at = { server: addresses.dns, port: ports.dns, timeoutMs: 5_000 };
    const sum = { blue: 0, green: 0 };
    // One after the other: a burst of datagrams would be lost, and asked again only after the timeout.
    for (let asked = 0; asked < count; asked++) {
      const [answer, ...others] = (await query(at, `${host}.${zone}`, "A")).answers ?? [];
      const data = answer && "data" in answer && others.length === 0 ? answer.data : undefined;
      if (data === addresses.blue) sum.blue++;
      if (data === addresses.green) sum.green++;
    }
    return sum;
  }
}
