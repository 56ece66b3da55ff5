import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { FileJournal } from "../../src/run/journal.js";
import type { Status } from "../../src/run/status.js";
import { Workplace } from "../harness/clustershift.js";
import { now } from "../run/evidence.js";
import { writeSoundRun } from "./sound-run.js";

/** A migration off kops, as its team left it. */
const old = `# yaml-language-server: $schema=./schema.json
# Whom to call: platform@acme.example
apiVersion: clustershift.dev/v1
environment: acme production
# Found: nodes 6.
blue:
  name: blue.acme.example
  context: blue.acme.example   # as kops names it
  kubeconfig: kops.kubeconfig
  teardown:
    command: [kops, delete, cluster, --yes]
    cluster: blue.acme.example
    keep: [vol-0123456789abcdef0]
    # Never the data team's.
    keepTags: [{ tag: team, value: data }]
    dnsOwners: [blue]
    drain: { context: kops-drain }
green:
  name: acme-1-35
  version: "1.35"
  kubeconfig: acme.kubeconfig
  context: acme-1-35
  stack:
    kind: eks
    settings:
      region: eu-central-1
      foundation: acme-foundation
      addresses: { ingress: ingress }
      addOns: { coredns: v1.11.4-eksbuild.2, kube-proxy: default }
aws: { region: eu-central-1 }

# Agreed with everybody.
window:
  opens: 2026-10-01T22:00:00+01:00
  closes: 2026-10-02T04:00:00+01:00
  freezes:
    - { from: 2026-10-10T00:00:00Z, to: 2026-10-12T00:00:00Z, reason: a fair }
    - { from: 2099-12-20T00:00:00Z, to: 2100-01-06T00:00:00Z, reason: the busiest weeks }

# What the shop's people decided.
traffic:
  route53:
    - zone: acme.example
      records:
        - { name: app.acme.example, green: { address: ingress } }
        - { name: api.acme.example, green: { values: [192.0.2.10] }, healthCheck: check-of-acme-1-35 }
  leftover:
    sources:
      - { kind: prometheus, name: blue, url: "http://prom.acme.example", query: "sum(r{cluster='blue.acme.example'})", none: quiet }
  hold: 5s # long enough
smoke:
  checks:
    - { kind: parity, name: parity }
replay:
  skip:
    - { name: left-to-the-vendor, reason: theirs, select: { namespace: vendor } }
  keep:
    - { name: ours, reason: we wrote it, select: { namespace: kube-system, name: ours } }
  transforms:
    - { name: team, reason: policy, select: { kind: Deployment }, set: { /metadata/labels/team: shop } }
  # What kubelets may not set.
  adaptations:
    nodeLabels:
      kops.k8s.io/instancegroup: { key: clustershift.io/group }
notify:
  sinks:
    - { kind: slack, name: team, url: { env: HOOK } }
soak: 24h
`;

const run = "20261101T200000Z";
let dir: string;
let place: Workplace;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "clustershift-next-"));
  place = new Workplace(dir, { PATH: "", HOME: dir, XDG_STATE_HOME: join(dir, "state") });
  place.ahead = now - Date.now();
  await configure(old);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const path = (name: string): string => join(dir, name);
const configure = (text: string) => writeFile(path("clustershift.yaml"), text);
const written = () => readFile(path("clustershift.yaml"), "utf8");

/** The last run, with as much of its teardown as is given. */
async function ended(events: readonly ("gone" | "completed")[] = ["gone", "completed"], id = run): Promise<void> {
  const made = await writeSoundRun(dir, "of-then");
  await rename(made.dir, path(`runs/${id}`));
  const journal = await FileJournal.open(path(`runs/${id}/journal.jsonl`), () => new Date(now));
  const [phase, blue] = ["teardown" as const, "blue.acme.example"];
  if (events.includes("gone")) await journal.append({ type: "done", step: `teardown/${blue}`, result: null });
  if (events.includes("completed")) await journal.append({ type: "event", phase, event: "completed", data: { blue } });
  await journal.close();
}

describe("init --next after a run that has ended", () => {
  beforeEach(() => ended());

  it("makes green blue, and a new cluster green, and takes out what was of the old pair alone", async () => {
    await place.succeed("init", "--next", "--to", "1.36");
    const next = parse(await written());
    expect(next.blue).toEqual({
      name: "acme-1-35",
      context: "acme-1-35",
      kubeconfig: "acme.kubeconfig",
      teardown: { keepTags: [{ tag: "team", value: "data" }], drain: { context: "kops-drain" } },
      stack: { name: "acme-1-35" },
    });
    expect(next.green).toEqual({
      name: "acme-1-36",
      version: "1.36",
      stack: {
        kind: "eks",
        settings: {
          region: "eu-central-1",
          foundation: "acme-foundation",
          addresses: { ingress: "ingress-2" },
          addOns: { coredns: "v1.11.4-eksbuild.2", "kube-proxy": "default" },
        },
      },
    });
    expect(next.window).toEqual({ freezes: [expect.objectContaining({ reason: "the busiest weeks" })] });
    expect(next.replay).toEqual({ skip: [expect.objectContaining({ name: "left-to-the-vendor" })] });
    expect(next.traffic.route53[0].records).toEqual([
      { name: "app.acme.example", green: { address: "ingress" } },
      { name: "api.acme.example", green: { address: "to-be-named" } },
    ]);
    expect(next.traffic.leftover.sources[0]).not.toHaveProperty("none");
    const before = parse(old);
    for (const key of ["environment", "aws", "smoke", "notify", "soak"]) expect(next[key]).toEqual(before[key]);
  });

  it("leaves comments and the rest of the text where they stood, and keeps the old file", async () => {
    await place.succeed("init", "--next", "--to", "1.36");
    const text = await written();
    for (const comment of [
      "# yaml-language-server: $schema=./schema.json\n# Whom to call: platform@acme.example\napiVersion:",
      "# as kops names it",
      "# Never the data team's.\n    keepTags: [ { tag: team, value: data } ]",
      "# Agreed with everybody.\nwindow:",
      "# What the shop's people decided.\ntraffic:",
      "hold: 5s # long enough",
    ])
      expect(text).toContain(comment);
    for (const gone of ["What kubelets may not set.", "# Found: nodes 6."]) expect(text).not.toContain(gone);
    expect(await readFile(path(`runs/${run}/clustershift.yaml`), "utf8")).toBe(old);
  });

  it("says what it carried over, what it changed, and what it could not know", async () => {
    const { json } = await place.json<Record<"found" | "chosen" | "unknown", string[]>>(
      "init",
      "--next",
      "--to",
      "1.36",
    );
    const said = (part: keyof typeof json) => json[part].join("\n");
    expect(said("found")).toContain("blue.acme.example is gone, and acme-1-35, Kubernetes 1.35, serves");
    for (const line of [
      "Green is acme-1-36, Kubernetes 1.36, from 1.35.",
      "The window from 2026-10-01T22:00:00+01:00 to 2026-10-02T04:00:00+01:00 is taken out: it is over.",
      "replay.keep is taken out: ours",
      "replay.transforms is taken out: team",
      "blue.teardown.command is taken out",
      "check-of-acme-1-35 looks at acme-1-35",
    ])
      expect(said("chosen")).toContain(line);
    for (const line of [
      "clustershift permissions blue`",
      "clustershift permissions blue-drain",
      "traffic.route53[0].records[1].green said 192.0.2.10, which is acme-1-35's",
      "takes coredns v1.11.4-eksbuild.2",
      "the Elastic IP ingress-2",
      "traffic.leftover.sources[0].query shall say: it names blue.acme.example",
      "without a window",
    ])
      expect(said("unknown")).toContain(line);
    expect(said("unknown")).not.toContain("kube-proxy");
  });

  it("takes the turn of an Elastic IP that the foundation has", async () => {
    const foundation = { "clustershift:foundation": { addresses: ["syslog-a", "ingress", "ingress-3"] } };
    await writeFile(path("Pulumi.acme-foundation.yaml"), JSON.stringify({ config: foundation }));
    const { json } = await place.json<{ unknown: string[] }>("init", "--next", "--dry-run");
    expect(JSON.stringify(json)).toContain('"addresses":{"ingress":"ingress-3"}');
    expect(json.unknown.join("\n")).not.toContain("the Elastic IP");
  });

  it("writes the stack's file where the old one's is beside, without what was the old one's alone", async () => {
    const complete = `
      access: [{ name: platform, principalArn: "arn:aws:iam::123456789012:role/platform", policy: cluster-admin }]
      groups: [{ name: nodes, min: 3, max: 6, instanceTypes: [m6i.large] }]`;
    await configure(old.replace("foundation: acme-foundation", `$&${complete}`));
    const settings = { name: "acme-1-35", version: "1.35" };
    await writeFile(
      path("Pulumi.acme-1-35.yaml"),
      JSON.stringify({
        config: { "aws:region": "eu-central-1", "clustershift:cluster": settings },
        encryptionsalt: "v1:x",
      }),
    );
    await place.succeed("init", "--next", "--to", "1.36");
    const file = parse(await readFile(path("Pulumi.acme-1-36.yaml"), "utf8"));
    const { config, ...others } = file;
    expect(others).toEqual({});
    expect(config["aws:region"]).toBe("eu-central-1");
    expect(config["clustershift:cluster"]).toEqual({
      name: "acme-1-36",
      version: "1.36",
      ...parse(await written()).green.stack.settings,
    });
  });

  it("adds the day to a name that a cluster has had", async () => {
    await place.succeed("init", "--next", "--to", "1.35");
    const { green } = parse(await written());
    expect(green).toMatchObject({ name: `acme-1-35-${new Date(now).toISOString().slice(0, 10)}`, version: "1.35" });
    expect(await place.json("init", "--next", "--green-name", "acme-x")).toMatchObject({ code: 2 });
  });

  it("writes nothing by a dry run, nor where --set makes it wrong", async () => {
    await place.succeed("init", "--next", "--dry-run", "--set", "soak=2h");
    expect(await place.json("init", "--next", "--set", "soak=often")).toMatchObject({ code: 3 });
    expect(await written()).toBe(old);
    await expect(readFile(path(`runs/${run}/clustershift.yaml`))).rejects.toThrow(/ENOENT/);
    await place.succeed("init", "--next", "--green-name", "acme-next", "--set", "soak=2h");
    expect(parse(await written())).toMatchObject({ green: { name: "acme-next" }, soak: "2h" });
  });

  it("then status leads to the plan, and neither init --next nor the sweep takes the new blue for the old one", async () => {
    expect((await place.json<Status>("status")).json.next).toBe(
      "Green is the next run's blue. Next time: clustershift init --next",
    );
    await place.succeed("init", "--next");
    const text = await written();
    expect((await place.json<Status>("status")).json).toMatchObject({ phase: "finished", next: "clustershift plan" });
    for (const args of [
      ["init", "--next"],
      ["teardown", "--sweep"],
    ])
      expect(await place.json(...args)).toMatchObject({
        code: 2,
        json: { error: { what: expect.stringContaining(run) } },
      });
    expect(await written()).toBe(text);
  });

  it.each([
    [["--context", "prod"], "--context"],
    [["--kops", "blue.yaml"], "--kops"],
    [["--sandbox", "default"], "--sandbox"],
    [["--zone", "acme.example", "--overwrite"], "--zone, --overwrite"],
  ])("refuses %s: that says another blue", async (args, named) => {
    const { code, json } = await place.json("init", "--next", ...args);
    expect({ code, what: json.error.what }).toEqual({ code: 2, what: expect.stringContaining(named) });
    expect(await written()).toBe(old);
  });

  it("refuses an alias: one place stands for another there", async () => {
    await configure(
      old.replace("name: acme-1-35\n", "name: &name acme-1-35\n").replace("context: acme-1-35", "context: *name"),
    );
    expect(await place.json("init", "--next")).toMatchObject({
      code: 3,
      json: { error: { what: expect.stringContaining("*name") } },
    });
  });

  it("refuses as long as a later run is under way, also where --run names the one that has ended", async () => {
    await ended([], "20261102T200000Z");
    expect(await place.json("init", "--next")).toMatchObject({ code: 72 });
    expect(await place.json("init", "--next", "--run", run)).toMatchObject({ code: 2 });
    expect(await written()).toBe(old);
  });
});

describe("init --next without such a run", () => {
  it("refuses where there is none, where blue stands, and where its teardown has more to do", async () => {
    expect(await place.json("init", "--next")).toMatchObject({ code: 10 });
    await ended([]);
    expect(await place.json("init", "--next")).toMatchObject({ code: 72 });
    await ended(["gone"], "20261102T200000Z");
    expect(await place.json("init", "--next")).toMatchObject({
      code: 72,
      json: { error: { what: expect.stringContaining("its teardown has more to do") } },
    });
    expect(await written()).toBe(old);
  });

  it("refuses where there is no file", async () => {
    await ended();
    await rm(path("clustershift.yaml"));
    await mkdir(path("empty"));
    expect(await place.json("init", "--next")).toMatchObject({ code: 3 });
  });
});
