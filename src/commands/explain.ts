import { UserError } from "../model/errors.js";
import { releasedKeys } from "../model/held.js";
import { type KubeObject, refOf } from "../model/objects.js";
import { explain } from "../replay/explain.js";
import { isKind, isNamed, type ObjectName, objectName, parseObjectName } from "../replay/object-name.js";
import { planReplay } from "../replay/replay.js";
import { perClusterKind } from "../replay/rules/per-cluster-kinds.js";
import { explanationText } from "../report/explanation.js";
import { readJournal } from "../run/journal.js";
import { type BlueObjects, blueObjects, greenServes } from "./shared/blue-source.js";
import { type Command, fromOf, fromOption } from "./shared/command.js";
import { findRun } from "./shared/find-run.js";
import { openProject } from "./shared/project.js";
import { replayRules } from "./shared/replay-rules.js";

export const explainCommand: Command = {
  name: "explain",
  summary: "Show what becomes of one object, and why.",
  description:
    "Shows the way of one object from blue to green, as the replay takes it: the rule that decides, the versions that both serve and which was chosen, the migration, each adaptation, transform and hold, what is stripped, its owners, and what would be written. Each change is shown as a diff. Reads the run's bundle, or blue itself where there is none; works before green stands, by what its version is known to serve. Values of Secrets are never shown.",
  options: {
    ...fromOption,
    "from-version": {
      type: "string",
      describe: "The version of Kubernetes that the archive is of, where the archive itself doesn't say it.",
    },
    live: { type: "boolean", default: false, describe: "Ask blue itself, also where the run has a bundle." },
  },
  positionals: [
    {
      name: "object",
      describe:
        "NAMESPACE/KIND/NAME, or KIND/NAME of what has no namespace. KIND.GROUP where the kind alone isn't clear.",
    },
  ],
  examples: [
    { command: "clustershift explain shop/Deployment/web", what: "" },
    { command: "clustershift explain ClusterRole/edit --output json", what: "" },
    {
      command: "clustershift explain shop/Ingress.extensions/web --from manifests/",
      what: "from files, without a cluster",
    },
  ],
  async run(args, context) {
    const name = nameOf(String(args.object));
    const project = await openProject(context);
    const run = await findRun(project, context);
    const record = await run?.read("green.json");
    const green = await greenServes(project, run, record, context);
    const wanted = {
      from: fromOf(args),
      fromVersion: args.fromVersion as string | undefined,
      live: args.live === true,
    };
    const blue = await blueObjects(project, run, wanted, green, context);
    const released = run ? releasedKeys(await readJournal(run.journalPath), green.clusterId) : undefined;
    const serves = green.resources(blue.resources);
    const object = await theOne(name, blue);
    const shown = blue.originOf?.(refOf(object)) ?? blue.shown;
    const planned = await planReplay(blue.source, await replayRules(project, run, released), serves);
    const explanation = explain(object, planned, { blue: blue.resources, green: serves });
    return {
      code: "ok",
      json: { sources: { blue: shown, green: green.shown }, explanation },
      text: explanationText(explanation, { blue: shown, green: green.shown }),
    };
  },
};

function nameOf(text: string): ObjectName {
  const name = parseObjectName(text);
  if (name) return name;
  throw new UserError({
    code: "usage",
    what: `"${text}" names no object.`,
    fix: "Write NAMESPACE/KIND/NAME, for example shop/Deployment/web, or KIND/NAME of what has no namespace.",
  });
}

/** The object that a name means. Throws `UserError` usage where there is none, or more than one. */
async function theOne(name: ObjectName, { source, shown, resources }: BlueObjects): Promise<KubeObject> {
  const named: KubeObject[] = [];
  const alike = new Set<string>();
  for (const { resource } of source.kinds) {
    for await (const object of source.objects(resource)) {
      if (isNamed(name, object)) named.push(object);
      else if (object.metadata.name === name.name) alike.add(objectName(refOf(object)));
    }
  }
  const [object, another] = named;
  const written = [name.namespace, name.kind, name.name].filter((part) => part !== undefined).join("/");
  if (!object) {
    const some = [...alike].sort().slice(0, 5);
    const stays = resources.flatMap((each) => (isKind(name, each) ? (perClusterKind(each) ?? []) : []))[0];
    throw new UserError({
      code: "usage",
      what: `There is no ${written} in ${shown}${stays === undefined ? "" : `: objects of its kind aren't read, they are ${stays}`}.`,
      fix: some.length > 0 ? `Of this name there are: ${some.join(", ")}.` : "Look at its namespace, kind and name.",
    });
  }
  if (!another) return object;
  throw new UserError({
    code: "usage",
    what: `${written} may be ${named.map((each) => objectName(refOf(each))).join(" or ")}.`,
    fix: `Write which: clustershift explain ${objectName(refOf(object))}`,
  });
}
