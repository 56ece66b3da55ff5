import { access, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Document, parse, parseDocument } from "yaml";
import { parseConfig } from "../config/parse.js";
import { UserError } from "../model/errors.js";
import { SandboxFolder } from "../sandbox/sandbox-folder.js";
import { nodeCommand } from "../sandbox/self.js";
import { type Command, type Context, dryRunOption } from "./shared/command.js";
import { draftConfig } from "./shared/draft-config.js";
import { lookAround, type Sources } from "./shared/look-around.js";

export const initCommand: Command = {
  name: "init",
  summary: "Write a first clustershift.yaml from what is found.",
  description:
    "Reads blue (get and list only), and the hosted zones and Elastic IPs in AWS if a region is given, and writes a configuration: groups, records that serve blue's Ingresses, addresses of its nodes, and a smoke check for each. Read it, then adapt it: comments say what was chosen.",
  options: {
    context: { type: "string", describe: "Blue's context in the kubeconfig." },
    kubeconfig: { type: "string", describe: "Default: as kubectl finds it." },
    region: { type: "string", describe: "AWS region of blue's traffic targets." },
    endpoint: { type: "string", describe: "AWS endpoint, for emulators." },
    zone: {
      type: "array",
      string: true,
      default: [],
      describe: "Hosted zones whose records may move; can be repeated.",
    },
    environment: { type: "string", describe: "What is migrated, in people's words." },
    "green-name": { type: "string", describe: "Green's name; give it a version or a date." },
    "green-version": { type: "string", default: "1.35", describe: "Kubernetes version of green." },
    sandbox: { type: "string", describe: "Take everything from this running sandbox." },
    set: { type: "array", string: true, default: [], describe: "Set any key: --set traffic.hold=2s; can be repeated." },
    overwrite: { type: "boolean", default: false, describe: "Replace a clustershift.yaml that is there already." },
    ...dryRunOption,
  },
  examples: [
    { command: "clustershift init --context prod --region eu-central-1 --zone example.com", what: "" },
    { command: "clustershift init --sandbox default", what: "after clustershift sandbox up" },
  ],
  async run(args, context) {
    const file = resolve(context.edges.cwd, context.args.config);
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (exists && !args.overwrite && !args.dryRun) {
      throw new UserError({
        code: "usage",
        what: `${context.args.config} is there already.`,
        fix: "Give --overwrite to replace it, or --config for another file.",
      });
    }
    const sources = await sourcesOf(args, context);
    const found = await lookAround(sources, context);
    const document = parseDocument(draftConfig(found));
    for (const setting of args.set as unknown[]) set(document, String(setting));
    const text = document.toString({ lineWidth: 0 });
    // What init writes is read back like anybody's file: a wrong --set is named, and nothing is written.
    parseConfig(text, context.args.config);
    if (!args.dryRun) await writeFile(file, text);
    return {
      code: "ok",
      json: { file, dryRun: args.dryRun === true, config: parse(text) as unknown },
      text: args.dryRun
        ? text
        : `Written ${context.args.config}: ${found.checks.length} smoke checks, ${found.records.length} records, ${found.addressGroups.length} group(s) with Elastic IPs.\nRead it, then: clustershift plan`,
    };
  },
};

async function sourcesOf(args: Record<string, unknown>, { edges }: Context): Promise<Sources> {
  const text = (name: string): string | undefined => (args[name] === undefined ? undefined : String(args[name]));
  const greenVersion = text("greenVersion") ?? "1.35";
  const greenName = text("greenName") ?? `green-${greenVersion.replaceAll(".", "-")}`;
  if (args.sandbox === undefined) {
    const name = text("context");
    if (!name)
      throw new UserError({
        code: "usage",
        what: "Say where blue is.",
        fix: "clustershift init --context CONTEXT, or --sandbox NAME",
      });
    const [kubeconfig, region, endpoint] = [text("kubeconfig"), text("region"), text("endpoint")];
    return {
      environment: text("environment") ?? name,
      blueName: name,
      context: name,
      greenName,
      greenVersion,
      zones: (args.zone as unknown[]).map(String),
      ...(kubeconfig && { kubeconfig: resolve(edges.cwd, kubeconfig) }),
      ...(region && { region }),
      ...(endpoint && { endpoint }),
    };
  }
  const folder = new SandboxFolder(edges.env, String(args.sandbox));
  const record = await folder.require();
  const remove = nodeCommand("../main", import.meta.url, "sandbox", "remove", "blue", "--name", folder.name);
  return {
    environment: text("environment") ?? "acme production (sandbox)",
    blueName: record.cluster,
    kubeconfig: folder.kubeconfig,
    context: "blue",
    region: record.region,
    endpoint: `http://127.0.0.1:${record.ports.aws}`,
    greenName,
    greenVersion,
    zones: [record.zone],
    sandbox: {
      name: folder.name,
      ports: record.ports,
      dns: `${record.addresses.dns}:${record.ports.dns}`,
      teardown: [remove.command, ...remove.args],
    },
  };
}

function set(document: Document, setting: string): void {
  const [path, ...rest] = setting.split("=");
  if (!path || rest.length === 0) {
    throw new UserError({
      code: "usage",
      what: `--set ${setting} has no value.`,
      fix: "Write --set KEY.KEY=VALUE, for example --set traffic.hold=2s",
    });
  }
  document.setIn(path.split("."), document.createNode(parse(rest.join("="))));
}
