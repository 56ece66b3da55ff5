import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { parseAllDocuments } from "yaml";
import { parseConfig } from "../../src/config/parse.js";
import { emptyPlace, expectRefusal } from "./place.js";

vi.setConfig({ testTimeout: 60_000 });

const incident = resolve("examples/kops/incident.yaml");
const admin = "arn:aws:iam::123456789012:role/platform";

describe("init with a kops specification", () => {
  it("writes clustershift.yaml and both stacks' files, and says what it found, chose and could not know", async () => {
    const place = await emptyPlace();
    const { stdout } = await place.succeed(
      "init",
      "--kops",
      incident,
      "--admin",
      admin,
      "--syslog-from",
      "203.0.113.0/24",
    );
    expect((await readdir(place.dir)).sort()).toEqual([
      "Pulumi.acme-1-35.yaml",
      "Pulumi.acme-foundation.yaml",
      "clustershift.yaml",
    ]);
    const config = parseConfig(await readFile(join(place.dir, "clustershift.yaml"), "utf8"), "clustershift.yaml");
    expect(config).toMatchObject({
      blue: { name: "blue.acme.example", context: "blue.acme.example" },
      green: { name: "acme-1-35", version: "1.35", stack: { kind: "eks", settings: { region: "eu-central-1" } } },
      replay: { adaptations: { nodeLabels: { "kops.k8s.io/instancegroup": { key: "clustershift.io/group" } } } },
    });
    expect(stdout).toContain("- Group nodes 6–9 m5.xlarge (eu-central-1a, eu-central-1b, eu-central-1c)");
    expect(stdout).toContain("- The network is new, 10.20.0.0/16, because nothing shows blue's VPC.");
    expect(stdout).toContain("- How many nodes there are now");
    expect(stdout).toContain("Written clustershift.yaml, Pulumi.acme-foundation.yaml, Pulumi.acme-1-35.yaml");
  });

  it("writes nothing of its stacks that Pulumi would refuse, and says what is missing", async () => {
    const place = await emptyPlace();
    const { stdout } = await place.succeed("init", "--kops", incident);
    expect(await readdir(place.dir)).toEqual(["clustershift.yaml"]);
    expect(stdout).toContain("- Who administers green: --admin ARN of an IAM role or user.");
    expect(stdout).toContain("- Who may send to syslog on port 514: --syslog-from RANGE.");
  });

  it("reads a cluster's part of a state store alike", async () => {
    const place = await emptyPlace();
    const store = join(place.dir, "store", "instancegroup");
    await mkdir(store, { recursive: true });
    const texts = parseAllDocuments(await readFile(incident, "utf8")).map((document) => document.toString());
    await writeFile(join(store, "..", "config"), texts[0] ?? "");
    for (const [index, text] of texts.slice(1).entries()) await writeFile(join(store, `group-${index}`), text);
    const draw = async (kops: string) =>
      (await place.json<{ stacks: object[] }>("init", "--kops", kops, "--admin", admin, "--dry-run")).json.stacks;
    expect(await draw("store")).toEqual(await draw(incident));
    expect(await draw("store")).toHaveLength(2);
  });

  it("refuses to replace what is there, unless asked to", async () => {
    const place = await emptyPlace();
    await cp(incident, join(place.dir, "prod.yaml"));
    await writeFile(join(place.dir, "Pulumi.acme-1-35.yaml"), "mine\n");
    const argv = ["init", "--kops", "prod.yaml", "--admin", admin];
    await expectRefusal(place, argv, {
      code: "usage",
      what: "Pulumi.acme-1-35.yaml is there already.",
      fix: "--overwrite",
    });
    await place.succeed(...argv, "--overwrite");
    expect(await readFile(join(place.dir, "Pulumi.acme-1-35.yaml"), "utf8")).toContain("clustershift:cluster");
    await expectRefusal(place, argv, { code: "usage", what: "clustershift.yaml", fix: "--overwrite" });
  });

  it("takes names and folders as they are given", async () => {
    const place = await emptyPlace();
    const names = ["--green-name", "shop-2027", "--foundation", "shop-base", "--stacks", "infra", "--to", "1.34"];
    await place.succeed("init", "--kops", incident, "--admin", admin, ...names);
    expect((await readdir(join(place.dir, "infra"))).sort()).toEqual([
      "Pulumi.shop-2027.yaml",
      "Pulumi.shop-base.yaml",
    ]);
    const cluster = await readFile(join(place.dir, "infra", "Pulumi.shop-2027.yaml"), "utf8");
    expect(cluster).toContain("foundation: organization/clustershift/shop-base");
    expect(cluster).toContain('version: "1.34"');
  });
});

describe("init refuses", () => {
  it.each<[string, string[], string, string]>([
    ["to guess where blue is", [], "Say where blue is.", "--kops FILE"],
    [
      "subnets of no network",
      ["--kops", incident, "--private-subnet", "subnet-1"],
      "Subnets are named, but not the network",
      "Give --vpc",
    ],
    ["a specification of a sandbox", ["--kops", incident, "--sandbox", "default"], "mutually exclusive", "--help"],
  ])("%s", async (_what, argv, what, fix) => {
    await expectRefusal(await emptyPlace(), ["init", ...argv], { code: "usage", what, fix });
  });

  it.each<[string, string[], string | RegExp, string]>([
    [
      "a specification that isn't there",
      ["--kops", "none.yaml"],
      /none\.yaml.*can't be read: ENOENT/,
      "kops get cluster",
    ],
    [
      "a state store in S3 without a region",
      ["--kops", "s3://acme-kops-state/blue.acme.example"],
      "s3://acme-kops-state/blue.acme.example",
      "Give --region.",
    ],
    [
      "an administrator who is none",
      ["--kops", incident, "--admin", "jo"],
      "clustershift:cluster.access[0].principalArn: is not the ARN of an IAM role or user",
      "Nothing was made",
    ],
    [
      "a name that says a colour",
      ["--kops", incident, "--admin", admin, "--green-name", "acme-green"],
      "clustershift:cluster.name: must not say blue or green",
      "Nothing was made",
    ],
    [
      "a version that EKS has no form of",
      ["--kops", incident, "--admin", admin, "--to", "1.35.4"],
      "clustershift:cluster.version",
      "Nothing was made",
    ],
  ])("%s", async (_what, argv, what, fix) => {
    await expectRefusal(await emptyPlace(), ["init", ...argv], { code: "config-invalid", what, fix });
  });

  it("a specification with a mistake, by file, document and field", async () => {
    const place = await emptyPlace();
    const text = await readFile(incident, "utf8");
    await writeFile(join(place.dir, "bad.yaml"), text.replace("maxSize: 9", "maxSize: nine"));
    await expectRefusal(place, ["init", "--kops", "bad.yaml"], {
      code: "config-invalid",
      what: /bad\.yaml, document 5 \(line \d+, InstanceGroup nodes\): spec\.maxSize: must be a whole number of nodes/,
      fix: "kops get cluster,instancegroups",
    });
  });
});
