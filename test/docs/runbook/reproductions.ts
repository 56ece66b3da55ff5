import { appendFile, cp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { ExitCodeName } from "../../../src/model/exit-codes.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { configHashOf } from "../../cli/place.js";
import type { RunOptions } from "../../harness/clustershift.js";
import type { Scene } from "../../proofs/unsafe/workshop.js";
import { ago, hour, minute } from "../../run/evidence.js";
import type { World } from "../../traffic/world.js";

/** What a reproduction may use besides the run's folder. */
export interface Stage extends Scene {
  world: World;
  front: AwsFront;
  /** What green answers to its smoke check from now on. */
  greenAnswers(status: number): void;
}

/** What is really typed for a command as the runbook has it, and how that must end. */
interface Typed {
  argv?: string[] | ((stage: Stage) => string[]);
  code?: number;
  /** Done before. */
  before?(stage: Stage): Promise<void> | void;
}

/** How to bring about what a section of the runbook is for, and what its commands do then. */
export interface Reproduction {
  make?(stage: Stage): Promise<void> | void;
  /** The command that it stops. */
  argv: string[];
  options?: RunOptions;
  /** What the person does before the section's commands: mends green, waits, puts a file back. */
  mend?(stage: Stage): Promise<void> | void;
  /**
   * Of the section's commands under **Run:** and **Back:**, those that aren't typed as they stand there, or don't end with 0.
   * `--dry-run` or `--help` where more would need clusters with workloads.
   */
  runs?: Record<string, Typed>;
}

const blueName = "blue.acme.example";
const remove =
  (file: string) =>
  ({ run }: Scene) =>
    rm(run.path(file), { recursive: true });
const typed = (argv: string, code = 0): Typed => ({ argv: argv.split(" "), code });
const forced = (argv: string): Typed => ({ argv: [...argv.split(" "), "--reason", "seen by Jo"] });

/** Changes the configuration, and the plan, its approval and the evidence with it. */
export async function reconfigure(scene: Scene, change: (config: { traffic: object }) => object): Promise<void> {
  const file = join(scene.place.dir, "clustershift.yaml");
  await writeFile(file, stringify(change(parse(await readFile(file, "utf8")))));
  await scene.agree({ configHash: await configHashOf(scene.place) });
}

/** Makes a kubeconfig lead nowhere. */
async function unreachable(path: string): Promise<void> {
  await writeFile(path, (await readFile(path, "utf8")).replace(/127\.0\.0\.1:\d+/, "127.0.0.1:9"));
}

/** What the check of traffic.analysis says from now on: 0 passed, 1 failed, else inconclusive. */
export const verdict =
  (code: number) =>
  ({ place }: Scene) =>
    writeFile(join(place.dir, "verdict"), `${code}\n`);
const wellAgain = ({ blue, green }: Scene): void => {
  blue.reset();
  green.reset();
};
const illBlue = ({ blue }: Scene): void => {
  blue.moods = [{ from: 0, showing: { nodes: [true, false, false] } }];
};
const lockedBy = JSON.stringify({
  ...{ user: "jo", host: `not-${hostname()}`, pid: 7, startTime: "1", command: "cutover", since: ago(minute) },
  token: "00000000-0000-4000-8000-000000000000",
});
/** Somebody else's value for the name that moves. */
export const edited = async ({ world }: Stage): Promise<void> => {
  const [records = []] = await world.records();
  const green = records.find(({ SetIdentifier }) => SetIdentifier === "clustershift-green");
  if (!green) throw new Error("green has no share");
  await world.edit({ ...green, ResourceRecords: [{ Value: "203.0.113.9" }] });
};
export const moved = async ({ place }: Scene): Promise<void> => void (await place.succeed("cutover"));
/** Where somebody else's change may be lost. */
export const overwriting: Typed = { argv: ({ world }) => ["rollback", "--overwrite", `route53:${world.zoneId}`] };
/** AWS understands a call, and says no. */
const refuse =
  (action: string) =>
  ({ front }: Stage) => {
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>`;
    front.faults.push((request) =>
      request.action === action ? { kind: "answer", when: "before", status: 403, body } : undefined,
    );
  };
export const allowed = ({ front }: Stage): void => {
  front.faults.length = 0;
};

/** By the exit code's name. One whose section has commands under **Run:** says what each of them does then. */
export const reproductions: Partial<Record<ExitCodeName, Reproduction>> = {
  ok: { argv: ["status"] },
  interrupted: { argv: ["cutover"], options: { signal: AbortSignal.abort("SIGINT") } },
  usage: {
    argv: ["cutover", "--force", "no-such-gate", "--reason", "why not"],
    runs: { "COMMAND --help": typed("cutover --help") },
  },
  "config-invalid": {
    make: ({ place }) => appendFile(join(place.dir, "clustershift.yaml"), "trafic: {}\n"),
    argv: ["cutover"],
    // The fake clusters have too little for a plan: that the configuration is read is what counts.
    runs: { plan: typed("plan --help") },
  },
  "cluster-unreachable": {
    make: (stage) => unreachable(stage.run.path("green.kubeconfig")),
    argv: ["smoke"],
  },
  "aws-failed": { make: refuse("GetHostedZone"), argv: ["cutover"], mend: allowed },
  "bundle-invalid": {
    make: async ({ run }) => {
      const file = run.path("bundle/objects/ConfigMap.jsonl");
      await truncate(file, (await readFile(file)).length - 5);
    },
    argv: ["cutover"],
    runs: { export: typed("export --dry-run") },
  },
  "journal-damaged": {
    make: async ({ run }) => {
      await cp(run.dir, `${run.dir}.copy`, { recursive: true });
      await writeFile(run.journalPath, (await readFile(run.journalPath, "utf8")).replace("planned", "plundered"));
    },
    argv: ["cutover"],
    mend: async ({ run }) => {
      await rm(run.dir, { recursive: true });
      await cp(`${run.dir}.copy`, run.dir, { recursive: true });
    },
  },
  "state-invalid": { make: ({ run }) => writeFile(run.path("smoke.json"), "{"), argv: ["cutover"] },
  "no-plan": { make: remove("plan.json"), argv: ["cutover"], runs: { plan: typed("plan --help") } },
  "plan-not-approved": {
    make: remove("approval.json"),
    argv: ["cutover"],
    runs: {
      "approve --by NAME": typed("approve --by Jo"),
      // Nobody is named as an approver by ARN here.
      "approve --aws": typed("approve --aws", 11),
      "approve --signature FILE": typed("approve --signature missing.sig", 2),
    },
  },
  "plan-changed": {
    make: ({ place }) => appendFile(join(place.dir, "clustershift.yaml"), "soak: 7h\n"),
    argv: ["cutover"],
    runs: {
      plan: typed("plan --help"),
      "approve --by NAME": typed("approve --by Jo", 12),
    },
  },
  "smoke-missing": { make: remove("smoke.json"), argv: ["cutover"] },
  "smoke-failed": {
    make: async (stage) => {
      stage.greenAnswers(503);
      await stage.place.run(["smoke"]);
    },
    argv: ["cutover"],
    mend: ({ greenAnswers }) => greenAnswers(200),
  },
  "smoke-stale": {
    make: (stage) => stage.change("smoke.json", (smoke) => ({ ...smoke, at: ago(40 * minute) })),
    argv: ["cutover"],
  },
  "smoke-other-green": {
    make: (stage) =>
      stage.change("smoke.json", (smoke) => ({ ...smoke, green: { ...smoke.green, clusterId: "another" } })),
    argv: ["cutover"],
  },
  "outside-window": {
    make: (stage) => stage.agree({ window: { opens: ago(-hour), closes: ago(-3 * hour) } }),
    argv: ["cutover"],
  },
  locked: {
    make: ({ run }) => writeFile(run.lockPath, lockedBy),
    argv: ["cutover"],
  },
  "bundle-missing": { make: remove("bundle"), argv: ["cutover"], runs: { export: typed("export --dry-run") } },
  "rehearsal-missing": {
    make: remove("rehearsal.json"),
    argv: ["cutover"],
    runs: { rehearse: typed("rehearse --dry-run") },
  },
  "green-missing": { make: remove("green.json"), argv: ["cutover"], runs: { up: typed("up --help") } },
  "replay-missing": { make: remove("replay.json"), argv: ["cutover"], runs: { migrate: typed("migrate --dry-run") } },
  "backup-unfit": {
    make: ({ run }) => truncate(run.path("bundle", "objects", "ConfigMap.jsonl"), 20),
    argv: ["backup", "verify"],
    runs: {
      export: typed("export --dry-run"),
      rehearse: typed("rehearse --help"),
      migrate: typed("migrate --help"),
      smoke: typed("smoke --help"),
      "backup verify": typed("backup verify --dry-run"),
    },
  },
  "backup-unverified": {
    make: async (stage) => {
      await moved(stage);
      stage.jump(25 * hour);
      await remove("backup.json")(stage);
    },
    argv: ["teardown", "--confirm", blueName],
    runs: {
      "backup verify": typed("backup verify --dry-run"),
      "teardown --confirm BLUE --force backup-unverified --reason …": forced(
        `teardown --confirm ${blueName} --dry-run --force backup-unverified`,
      ),
    },
  },
  "volumes-not-restored": {
    make: (stage) =>
      stage.agree({
        volumes: [
          {
            claim: { group: "", kind: "PersistentVolumeClaim", namespace: "shop", name: "data" },
            ...{ strategy: "velero", rule: "archives", reason: "A night old is young enough", users: [] },
          },
        ],
      }),
    argv: ["cutover"],
    runs: {
      "volumes restore": typed("volumes restore --help"),
      migrate: typed("migrate --help"),
      smoke: typed("smoke --help"),
      "cutover --force volumes-not-restored --reason …": forced("cutover --dry-run --force volumes-not-restored"),
    },
  },
  "soak-not-over": { make: moved, argv: ["teardown", "--confirm", blueName] },
  "green-not-serving": {
    argv: ["teardown", "--confirm", blueName],
  },
  "not-confirmed": {
    make: async (stage) => {
      await moved(stage);
      stage.jump(25 * hour);
    },
    argv: ["teardown"],
    runs: {
      "teardown --confirm BLUE": typed(`teardown --confirm ${blueName} --dry-run`),
      // Nothing moves by hand here, and everything has moved.
      "cutover --confirm-manual NAME": typed("cutover --confirm-manual partner --dry-run"),
      "up --yes": typed("up --help"),
    },
  },
  "plan-blocked": {
    make: (stage) => stage.agree({ findings: [{ id: "no-path", severity: "blocker", why: "w", whatToDo: "d" }] }),
    argv: ["cutover"],
    runs: { plan: typed("plan --help") },
  },
  "run-finished": {
    make: async (stage) => {
      await moved(stage);
      await stage.journal({
        ...{ type: "intent", step: `teardown/${blueName}`, phase: "teardown", what: "remove blue", target: blueName },
        ...{ before: {}, after: null },
      });
    },
    argv: ["rollback"],
    runs: {
      plan: typed("plan --help"),
      "rollback --force run-finished --reason …": forced("rollback --force run-finished"),
      teardown: typed("teardown --dry-run"),
    },
  },
  "traffic-moved": {
    make: moved,
    argv: ["migrate"],
  },
  "ttl-not-lowered": {
    make: (stage) => reconfigure(stage, (config) => ({ ...config, traffic: { ...config.traffic, ttl: "2s" } })),
    argv: ["cutover"],
  },
  "checks-failed": {
    make: ({ greenAnswers }) => greenAnswers(503),
    argv: ["smoke"],
    mend: ({ greenAnswers }) => greenAnswers(200),
    // The fake green has no pods that could be looked at.
    runs: { "validate --wait": typed("validate --dry-run") },
  },
  "moved-back": {
    make: verdict(1),
    argv: ["cutover"],
    mend: verdict(0),
  },
  drifted: {
    make: async (stage) => {
      await moved(stage);
      await edited(stage);
    },
    argv: ["rollback"],
    runs: { rollback: { code: 35 }, "rollback --overwrite TARGET": overwriting },
  },
  "effect-failed": { make: refuse("ChangeResourceRecordSets"), argv: ["cutover"], mend: allowed },
  "checks-inconclusive": {
    make: verdict(2),
    argv: ["analyse"],
    mend: verdict(0),
    runs: { validate: typed("validate --dry-run") },
  },
  "window-too-short": {
    make: (stage) => stage.agree({ window: { opens: ago(hour), closes: ago(-30_000) } }),
    argv: ["cutover"],
  },
  "blue-unhealthy": {
    make: illBlue,
    argv: ["cutover"],
    mend: wellAgain,
    runs: {
      "cutover --force blue-unhealthy --reason …": {
        ...forced("cutover --force blue-unhealthy"),
        before: async (stage) => {
          await stage.place.succeed("rollback");
          illBlue(stage);
        },
      },
    },
  },
  "blue-may-act": {
    make: async (stage) => {
      const object = { group: "apps", kind: "Deployment", namespace: "shop", name: "queue" };
      await stage.agree({
        archive: { kind: "bundle", path: "runs/before/bundle", takenAt: ago(hour), versionBy: "says bundle.json" },
        exclusive: [{ object, rule: "queues", edited: object, field: "spec.replicas", value: 0 }],
      });
      await unreachable(join(stage.place.dir, "blue.kubeconfig"));
    },
    argv: ["cutover"],
    runs: { "cutover --force blue-may-act --reason …": forced("cutover --force blue-may-act") },
  },
  "green-unhealthy": {
    make: ({ green }) => {
      green.moods = [{ from: 0, showing: { available: 0 } }];
    },
    argv: ["cutover"],
    mend: wellAgain,
  },
  "rehearsal-stale": {
    make: (stage) => stage.change("rehearsal.json", (rehearsal) => ({ ...rehearsal, at: ago(25 * hour) })),
    argv: ["cutover"],
    runs: { rehearse: typed("rehearse --dry-run") },
  },
  "bundle-stale": {
    make: (stage) => reconfigure(stage, (config) => ({ ...config, bundle: { maxAge: "1s" } })),
    argv: ["cutover"],
    runs: {
      export: typed("export --dry-run"),
      rehearse: typed("rehearse --dry-run"),
      migrate: typed("migrate --dry-run"),
    },
  },
  "zone-share": {
    make: (stage) =>
      reconfigure(stage, (config) => ({
        ...config,
        traffic: { ...config.traffic, zoneShare: { percent: 1, from: 1 } },
      })),
    argv: ["cutover"],
    runs: { plan: typed("plan --help") },
  },
  "blue-still-serves": {
    make: async (stage) => {
      await asksBlue(stage, 12);
      await moved(stage);
      stage.jump(25 * hour);
    },
    argv: ["teardown", "--confirm", blueName],
    mend: ({ place }) => writeFile(join(place.dir, "requests"), "0\n"),
    runs: {
      "teardown --confirm BLUE --force blue-still-serves --reason …": forced(
        `teardown --confirm ${blueName} --dry-run --force blue-still-serves`,
      ),
    },
  },
  "leftover-traffic": {
    make: (stage) => asksBlue(stage, 12),
    argv: ["leftover"],
    mend: ({ place }) => writeFile(join(place.dir, "requests"), "0\n"),
  },
  "blue-not-gone": {
    make: async (stage) => {
      await moved(stage);
      stage.jump(25 * hour);
    },
    argv: ["teardown", "--sweep"],
    runs: { "teardown --confirm BLUE": typed(`teardown --confirm ${blueName} --dry-run`) },
  },
  "orphans-left": {
    make: async (stage) => {
      const step = `teardown/${blueName}`;
      const intent = { type: "intent", step, phase: "teardown", what: "remove blue", target: blueName } as const;
      await stage.journal({ ...intent, before: {}, after: null }, { type: "done", step, result: null });
    },
    argv: ["teardown", "--sweep", "--confirm", blueName, "--remove-orphans", "vol-0123456789abcdef0"],
  },
};

/** So many requests come to blue, as a program of the team's own tells. */
async function asksBlue(stage: Stage, requests: number): Promise<void> {
  await writeFile(join(stage.place.dir, "requests"), `${requests}\n`);
  const run = ["/bin/sh", "-c", "read n < requests; echo $n"];
  await reconfigure(stage, (config) => ({
    ...config,
    traffic: { ...config.traffic, leftover: { sources: [{ kind: "command", name: "edge", run }] } },
  }));
}

/** Why a section isn't reproduced here, and what tries it instead. Only these. */
export const elsewhere: Partial<Record<ExitCodeName, string>> = {
  internal: "A defect can't be ordered: whatever is thrown and expected by nobody ends so.",
  "tool-missing": "Needs a machine without the program: test/sandbox/binaries tries it.",
  "findings-blocker": "Needs a whole blue: test/commands/check.test.ts tries it.",
  "rehearsal-refused": "Needs a control plane: test/proofs/rehearsal.ts tries it.",
  "replay-failed": "Needs two control planes: test/replay/replay.test.ts and test/scenarios try it.",
  "not-ready": "Needs a stack that stands up too slowly: test/sandbox/cluster tries it.",
  differs: "Needs two control planes: test/cli/diff.test.ts tries it.",
  "not-warm": "Needs workloads on both clusters: test/workloads/warm tries it.",
  "external-dns-active": "Needs an external-dns on a cluster: test/proofs/unsafe and test/run/gates try it.",
  "hand-over-refused": "Needs a role on a real blue: test/workloads/exclusive tries it.",
  "stack-unsettled":
    "Needs an engine that is killed: test/stacks/engine.test.ts and test/stacks/interrupted-creates.test.ts try it.",
  "policy-refused": "Needs a preview of a stack: test/commands/shared/up/foresee.test.ts tries it.",
  "velero-unready": "Needs a cluster with Velero: test/scenarios/velero/drive.test.ts tries it.",
  "backup-failed": "Needs a Velero: test/scenarios/velero/drive.test.ts tries it.",
  "drain-stuck": "Needs controllers that let go of nothing: test/sweep/drain.test.ts tries it.",
  "green-needs-it": "Needs a stack of AWS that green uses: test/commands/shared/teardown/removal.test.ts tries it.",
  "record-diverged": "Needs a bucket that two machines share: test/cli/record.test.ts tries it.",
};
