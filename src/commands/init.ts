import { dirname, join, resolve } from "node:path";
import { parse, parseDocument } from "yaml";
import { parseConfig } from "../config/parse.js";
import type { DraftNetwork } from "../mirror/draft-network.js";
import { UserError } from "../model/errors.js";
import { describeGroup } from "../plan/topology.js";
import { kubernetesVersions } from "../sandbox/binaries/versions.js";
import { type Command, dryRunOption } from "./shared/command.js";
import { describeAccount } from "./shared/init/account.js";
import { blueShape, describeShapeGroup, specifiedShape } from "./shared/init/blue-shape.js";
import { draftConfig } from "./shared/init/draft-config.js";
import { draftGreen } from "./shared/init/draft-green.js";
import { draftTraffic, lookAround } from "./shared/init/look-around.js";
import { familyName, successorName } from "./shared/init/names.js";
import { initNext } from "./shared/init/next/index.js";
import { setKeys } from "./shared/init/set-keys.js";
import { sourcesOf } from "./shared/init/sources.js";
import { mayReplace, writeFiles } from "./shared/init/write-files.js";

/** The newest that is tried, as a minor. */
const newest = kubernetesVersions[0].split(".").slice(0, 2).join(".");

export const initCommand: Command = {
  name: "init",
  summary: "Write clustershift.yaml, and green's stacks, from what is found; or the next one, after a teardown.",
  description:
    "Reads blue (get and list only), a kops specification, and AWS if a region is given, and writes clustershift.yaml: records that serve blue's Ingresses, addresses of its nodes, and a smoke check for each. It writes the configuration of green's two stacks too, with groups, zones, labels, taints and sizes as blue's. It says what it found, what it chose and why, and what it could not know; on a terminal it asks for that. Read all of it, then adapt it. With --next it edits the clustershift.yaml of a run that has ended into that of the next migration: green, which serves, is blue; green is a new cluster with the same settings; what the team decided stays, comments too, and what was of the old pair alone is taken out or told. The one before is kept in the run's folder.",
  options: {
    context: { type: "string", describe: "Blue's context in the kubeconfig; it is asked itself." },
    kubeconfig: { type: "string", describe: "Default: as kubectl finds it." },
    kops: {
      type: "string",
      conflicts: "sandbox",
      describe:
        "A file of `kops get cluster,instancegroups -o yaml`, or a cluster's part of a state store: a folder, or s3://BUCKET/CLUSTER.",
    },
    region: { type: "string", describe: "AWS region of blue's traffic targets and network; AWS is asked." },
    endpoint: { type: "string", describe: "AWS endpoint, for emulators." },
    zone: {
      type: "array",
      string: true,
      default: [],
      describe: "Hosted zones whose records may move; can be repeated.",
    },
    environment: { type: "string", describe: "What is migrated, in people's words." },
    to: { type: "string", describe: `Kubernetes version of green. Default: ${newest}.` },
    "green-name": { type: "string", describe: "Green's name; give it a version or a date." },
    admin: { type: "string", describe: "ARN of the IAM role or user that administers green." },
    account: { type: "string", describe: "AWS account of green's stacks. Default: that of the credentials." },
    foundation: { type: "string", describe: "Name of the foundation's stack. Default: FAMILY-foundation." },
    vpc: { type: "string", describe: "Id of blue's VPC, where it isn't found." },
    "private-subnet": {
      type: "array",
      string: true,
      default: [],
      describe: "Ids of the subnets in --vpc that green's nodes shall stand in, instead of those that are found.",
    },
    "public-subnet": {
      type: "array",
      string: true,
      default: [],
      describe: "Ids of the subnets in --vpc for nodes with Elastic IPs and for public load balancers.",
    },
    "syslog-group": { type: "string", describe: "Blue's group that receives syslog. Default: one named so." },
    "syslog-from": {
      type: "array",
      string: true,
      default: [],
      describe: "IPv4 ranges that may send syslog; can be repeated.",
    },
    stacks: { type: "string", describe: "Folder for Pulumi.<stack>.yaml. Default: that of clustershift.yaml." },
    next: {
      type: "boolean",
      default: false,
      describe:
        "Follow the last run, which has ended: its green is blue now. Goes with --to, --green-name, --set and --dry-run alone.",
    },
    sandbox: { type: "string", describe: "Take everything from this running sandbox; it needs no stacks' files." },
    set: { type: "array", string: true, default: [], describe: "Set any key: --set traffic.hold=2s; can be repeated." },
    overwrite: { type: "boolean", default: false, describe: "Replace files that are there already." },
    ...dryRunOption,
  },
  examples: [
    {
      command:
        "clustershift init --context prod --region eu-central-1 --zone example.com --admin arn:aws:iam::123456789012:role/platform",
      what: "",
    },
    { command: "clustershift init --kops prod.yaml --to 1.35 --dry-run", what: "from a specification alone" },
    { command: "clustershift init --sandbox default", what: "after clustershift sandbox up" },
    { command: "clustershift init --next --to 1.36", what: "after clustershift teardown" },
  ],
  async run(args, context) {
    const text = (name: string): string | undefined => (args[name] === undefined ? undefined : String(args[name]));
    const texts = (name: string): string[] => (args[name] as unknown[]).map(String);
    if (args.next) {
      requireAlone(args);
      const [version, greenName] = [text("to"), text("greenName")];
      return initNext({ version, greenName, settings: texts("set"), dryRun: args.dryRun === true }, newest, context);
    }
    const file = resolve(context.edges.cwd, context.args.config);
    const overwrite = args.overwrite === true || args.dryRun === true;
    await mayReplace([file], overwrite, context);

    const [region, endpoint, kops, sandbox] = [text("region"), text("endpoint"), text("kops"), text("sandbox")];
    const aws = region === undefined ? undefined : { region, ...(endpoint && { endpoint }) };
    const specified = kops === undefined ? undefined : await specifiedShape(kops, aws, context);
    const where = {
      context: text("context"),
      kubeconfig: text("kubeconfig"),
      region,
      endpoint,
      zones: texts("zone"),
      environment: text("environment"),
      sandbox,
      vpc: text("vpc"),
    };
    const sources = await sourcesOf(where, specified, context);
    const seen = await lookAround(sources, context);
    const traffic = draftTraffic(seen, sources);
    const blue = blueShape(sources, seen, specified);

    const version = text("to") ?? newest;
    const name = text("greenName") ?? successorName(sources.sandbox ? "green" : familyName(blue.name), version);
    const given = {
      name,
      version,
      region,
      account: text("account"),
      admin: text("admin"),
      foundation: text("foundation"),
      network: networkOf(where.vpc, texts("privateSubnet"), texts("publicSubnet")),
      syslogGroup: text("syslogGroup"),
      syslogFrom: texts("syslogFrom"),
      ingressAddress: traffic.records.length > 0,
      aws,
    };
    // A sandbox's green is a local control plane that mirrors blue by itself.
    const green = sources.sandbox ? undefined : await draftGreen(blue, seen, given, context);
    const document = parseDocument(
      draftConfig({
        environment: sources.environment,
        blue: {
          name: blue.name,
          context: sources.context,
          ...(sources.kubeconfig && { kubeconfig: sources.kubeconfig }),
        },
        green: { name, version },
        groups: sources.live ? seen.topology.groups.map(describeGroup) : blue.groups.map(describeShapeGroup),
        settings: green?.settings ?? {},
        nodeLabels: green?.nodeLabels ?? {},
        ...(sources.region && {
          aws: { region: sources.region, ...(sources.endpoint && { endpoint: sources.endpoint }) },
        }),
        ...(sources.sandbox && { sandbox: sources.sandbox }),
        ...traffic,
      }),
    );
    setKeys(document, texts("set"));
    const config = document.toString({ lineWidth: 0 });
    // What init writes is read back like anybody's file: a wrong --set is named, and nothing is written.
    parseConfig(config, context.args.config);

    const folder = resolve(context.edges.cwd, text("stacks") ?? dirname(file));
    const stacks = (green?.files ?? []).map((each) => ({ ...each, path: join(folder, each.name) }));
    await mayReplace(
      stacks.map(({ path }) => path),
      overwrite,
      context,
    );
    if (!args.dryRun) await writeFiles([{ path: file, text: config }, ...stacks]);
    const { checks, records, addressGroups } = traffic;
    const account = green ? `${describeAccount(green.account)}\n` : "";
    const shown = [config, ...stacks.map((stack) => `# ${stack.name}\n${stack.text}`)].join("\n");
    const written = [context.args.config, ...stacks.map((stack) => stack.name)].join(", ");
    return {
      code: "ok",
      json: {
        file,
        dryRun: args.dryRun === true,
        config: parse(config) as unknown,
        stacks: stacks.map((stack) => ({
          file: stack.path,
          config: (parse(stack.text) as { config: unknown }).config,
        })),
        ...green?.account,
      },
      text: args.dryRun
        ? `${account}${shown}`
        : `${account}Written ${written}: ${checks.length} smoke checks, ${records.length} records, ${addressGroups.length} group(s) with Elastic IPs.\nRead it, then: clustershift plan`,
    };
  },
};

/** Options that say where a first blue is, or what is written for it. */
const ofFirst =
  "context kubeconfig kops region endpoint zone environment admin account foundation vpc private-subnet public-subnet syslog-group syslog-from stacks sandbox overwrite".split(
    " ",
  );

/** @throws UserError `usage` where --next comes with what says another blue: both can't hold */
function requireAlone(args: Record<string, unknown>): void {
  const given = ofFirst.filter((name) => {
    const value = args[name];
    return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
  });
  if (given.length === 0) return;
  throw new UserError({
    code: "usage",
    what: `--next takes all from clustershift.yaml and the last run; it doesn't go with ${given.map((name) => `--${name}`).join(", ")}.`,
    fix: "clustershift init --next, with --to, --green-name, --set and --dry-run; any other key by --set.",
  });
}

/** A network that is named. @throws UserError `usage` where subnets are named without it */
function networkOf(vpcId: string | undefined, privateIds: string[], publicIds: string[]): DraftNetwork | undefined {
  if (privateIds.length + publicIds.length === 0) return undefined;
  if (vpcId === undefined || privateIds.length === 0) {
    throw new UserError({
      code: "usage",
      what: "Subnets are named, but not the network that they are in, or no private one.",
      fix: "Give --vpc, and --private-subnet at least twice: green's nodes stand in two zones or more.",
    });
  }
  return { kind: "found", vpcId, privateSubnetIds: privateIds, publicSubnetIds: publicIds };
}
