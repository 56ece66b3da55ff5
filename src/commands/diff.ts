import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../model/errors.js";
import { releasedKeys } from "../model/held.js";
import { kindKey, type ObjectRef, refOf } from "../model/objects.js";
import { selects } from "../model/selector.js";
import { isKind } from "../replay/object-name.js";
import { parity } from "../replay/parity.js";
import { planReplay } from "../replay/replay.js";
import { type Comparison, comparisonJunit, comparisonSections, comparisonText } from "../report/parity-report.js";
import { renderHtml } from "../report/render.js";
import { readJournal } from "../run/journal.js";
import { LedgerFile } from "../run/ledger-file.js";
import { blueObjects } from "./shared/blue-source.js";
import { connectGreen } from "./shared/clusters.js";
import { type Command, fromOf, fromOption } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { openProject } from "./shared/project.js";
import { replayRules } from "./shared/replay-rules.js";

export const diffCommand: Command = {
  name: "diff",
  summary: "Compare blue, as migrated, with green, object by object.",
  description:
    "Takes blue's objects (the run's bundle, an archive with --from, or blue itself with --live) the way that the replay takes them, reads green, and compares them field by field. Differences that a named rule declares are counted; any other ends with exit code 38. Writes nothing to either cluster. Values of Secrets are never shown.",
  options: {
    ...fromOption,
    live: { type: "boolean", default: false, describe: "Compare with blue as it is now, and not with the bundle." },
    namespace: {
      type: "array",
      describe: "Only objects in these namespaces, and these namespaces themselves; * stands for any characters.",
    },
    kind: { type: "array", describe: "Only objects of these kinds: Deployment, or Deployment.apps." },
    html: { type: "string", describe: "Write the comparison as one HTML page to this file too." },
    junit: { type: "string", describe: "Write JUnit XML to this file too: one test case a kind." },
  },
  examples: [
    { command: "clustershift diff", what: "the bundle, as migrated, and green" },
    { command: "clustershift diff --from velero:s3://acme-backups/velero#latest", what: "the last backup, and green" },
    { command: "clustershift diff --live --namespace 'shop-*' --html diff.html", what: "" },
    { command: "clustershift diff --kind Deployment --kind Service --output json", what: "" },
  ],
  async run(args, context) {
    const { edges } = context;
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const record = await run.read("green.json");
    if (!record)
      throw new UserError({ code: "green-missing", what: "There is no green cluster yet.", fix: "clustershift up" });
    const selection = selectionOf(args);
    const green = await connectGreen(project, run, record, context);
    try {
      const { resources } = await green.discover();
      const { clusterId, version } = await green.info();
      const serves = { resources: () => resources, shown: `green, Kubernetes ${version}`, clusterId };
      const blue = await blueObjects(project, run, { from: fromOf(args), live: args.live === true }, serves, context);
      const rules = await replayRules(project, run, releasedKeys(await readJournal(run.journalPath), clusterId));
      const { prepared } = await planReplay(blue.source, rules, resources);
      const comparison: Comparison = {
        blue: blue.shown,
        green: `${record.stack}, Kubernetes ${version}`,
        ...(selection.words && { selected: selection.words }),
        kinds: {},
        parity: await parity(prepared.departures, green, {
          at: edges.now().toISOString(),
          ledger: LedgerFile.read(run),
          only: selection.selects,
          signal: edges.signal,
        }),
      };
      for (const { object } of prepared.departures) {
        const kind = kindKey(refOf(object));
        if (selection.selects(refOf(object))) comparison.kinds[kind] = (comparison.kinds[kind] ?? 0) + 1;
      }
      if (selection.words && comparison.parity.compared === 0 && comparison.parity.differences.length === 0) {
        throw new UserError({
          code: "usage",
          what: `Nothing was compared: ${blue.shown} has nothing for green of ${selection.words}.`,
          fix: "Look at the names; `clustershift migrate --dry-run` counts what there is of each kind.",
        });
      }
      const written = await writeFiles(comparison, args, edges.cwd);
      const differs = comparison.parity.differences.length > 0;
      return {
        code: differs ? "differs" : "ok",
        json: { comparison, ...(written.length > 0 && { written }) },
        text: [comparisonText(comparison), ...written.map((file) => `Written to ${file}`)].join("\n"),
      };
    } finally {
      await green.close();
    }
  },
};

async function writeFiles(comparison: Comparison, args: Record<string, unknown>, cwd: string): Promise<string[]> {
  const texts: [unknown, () => string][] = [
    [args.html, () => renderHtml("Blue and green compared", comparisonSections(comparison))],
    [args.junit, () => comparisonJunit(comparison)],
  ];
  const written: string[] = [];
  for (const [path, text] of texts) {
    if (path === undefined) continue;
    const file = resolve(cwd, String(path));
    await writeFile(file, text());
    written.push(file);
  }
  return written;
}

/** What --namespace and --kind select, and the words for it; no words where that is everything. */
function selectionOf(args: Record<string, unknown>): { selects: (object: ObjectRef) => boolean; words?: string } {
  const namespaces = ((args.namespace as unknown[] | undefined) ?? []).map(String);
  const kinds = ((args.kind as unknown[] | undefined) ?? []).map(String);
  const words = [...namespaces.map((each) => `namespace ${each}`), ...kinds.map((each) => `kind ${each}`)].join(", ");
  return {
    ...(words && { words }),
    selects: (ref) =>
      (kinds.length === 0 || kinds.some((kind) => isKind({ kind }, ref))) &&
      (namespaces.length === 0 || namespaces.some((namespace) => isIn(namespace, ref))),
  };
}

function isIn(namespace: string, { group, kind, ...metadata }: ObjectRef): boolean {
  return selects({ namespace }, { apiVersion: group === "" ? "v1" : `${group}/v1`, kind, metadata });
}
