import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GreenRecord } from "../../../src/model/run.js";
import type { SmokeReport } from "../../../src/model/smoke.js";
import { accountingOf, counts } from "../../model/samples.js";
import { ago, minute, teardownDone } from "../../run/evidence.js";
import type { Family, Random, Situation } from "./situation.js";
import type { Scene } from "./workshop.js";

type Make = Situation<Scene>["make"];
/** One way to spoil something, and the refusal that must come of it. */
type Way = [what: string, code: string, says: RegExp, make: Make];

/** Ways to spoil one kind of evidence, and ways to change it that are harmless. */
function family(
  name: string,
  unsafe: (random: Random) => Way[],
  safe: (random: Random) => [string, Make][],
): Family<Scene> {
  return {
    name,
    situation(random, isSafe) {
      if (isSafe) {
        const [what, make] = random.pick(safe(random));
        return { what, make };
      }
      const [what, code, says, make] = random.pick(unsafe(random));
      return { what, refused: { code, says }, make };
    },
  };
}

const remove =
  (file: string): Make =>
  ({ run }) =>
    rm(run.path(file), { recursive: true });
const smoke =
  (change: (smoke: SmokeReport) => object): Make =>
  (scene) =>
    scene.change("smoke.json", (value) => ({ ...value, ...change(value) }));
const green =
  (change: (green: GreenRecord) => object): Make =>
  (scene) =>
    scene.change("green.json", (value) => ({ ...value, ...change(value) }));
const part =
  (name: "rehearsal.json" | "replay.json" | "parity.json", parts: object): Make =>
  (scene) =>
    scene.change(name, (value) => ({ ...value, ...parts }));
const nothing: [string, Make] = ["nothing at all", () => {}];
const other = ({ between }: Random) => `other-${between(1, 1_000_000)}`;

/** Every kind of evidence that the gates of a cutover read from the run's folder. */
export const evidenceFamilies: Family<Scene>[] = [
  family(
    "plan",
    (random) => [
      ["no plan", "no-plan", /There is no plan/, remove("plan.json")],
      [
        "a blocker",
        "plan-blocked",
        /blocker\(s\): no-path/,
        (scene) => scene.agree({ findings: [{ id: "no-path", severity: "blocker", why: "w", whatToDo: "d" }] }),
      ],
      ["the run is over", "run-finished", /This run has ended/, (scene) => scene.journal(teardownDone)],
      [
        "the plan was edited",
        "plan-changed",
        /was edited/,
        (scene) =>
          scene.change("plan.json", (plan) => ({
            ...plan,
            ...random.pick([
              { environment: other(random) },
              { rollbackSeconds: random.between(0, 60) },
              { window: null },
              { window: { opens: ago(random.between(1, 600) * minute), closes: "2030-01-01T00:00:00Z" } },
              { targets: [] },
              { blue: { ...plan.blue, clusterId: other(random) } },
              { green: { ...plan.green, version: "1.36" } },
            ]),
          })),
      ],
    ],
    (random) => [
      nothing,
      [
        "a warning is no blocker",
        (scene) => scene.agree({ findings: [{ id: other(random), severity: "warning", why: "w", whatToDo: "d" }] }),
      ],
      [
        "the plan says when it was made, which no hash binds",
        (scene) => scene.change("plan.json", (plan) => ({ ...plan, createdAt: ago(random.between(1, 500) * minute) })),
      ],
    ],
  ),
  family(
    "stale plan",
    (random) => [
      [
        "the configuration changed since",
        "plan-changed",
        /clustershift\.yaml, or a module that it names, changed/,
        edit(
          random.pick([
            [/ hold: 1s/, ` hold: ${random.between(2, 600)}s`],
            [/198\.51\.100\.1/, `198.51.100.${random.between(2, 250)}`],
            [/ - 50\n/, ` - ${random.between(1, 99) === 50 ? 51 : random.between(51, 99)}\n`],
            [/environment: .*/, `environment: ${other(random)}`],
          ] as [RegExp, string][]),
        ),
      ],
      [
        "another plan was approved",
        "plan-changed",
        /changed since Jo Berg approved it/,
        (scene) => scene.change("approval.json", (approval) => ({ ...approval, planHash: other(random) })),
      ],
    ],
    () => [["who is told changed since", edit([/^environment/m, "notify:\n  contact: jo@acme.example\nenvironment"])]],
  ),
  family(
    "approval",
    () => [["nobody approved", "plan-not-approved", /Nobody has approved/, remove("approval.json")]],
    () => [nothing],
  ),
  family(
    "green",
    (random) => [
      ["no green", "green-missing", /no green cluster/, remove("green.json")],
      [
        "green is of another version",
        "green-missing",
        /the plan says 1\.35/,
        green(() => ({ version: `v1.${random.pick([24, 30, 34, 36])}.${random.between(0, 9)}` })),
      ],
      [
        "the record is of another green",
        "replay-missing",
        /another green cluster/,
        green(() => ({ clusterId: other(random) })),
      ],
      [
        "the record, and all evidence, is of another green than the one that answers",
        "green-unhealthy",
        /another cluster answers in its place/,
        async (scene) => {
          const clusterId = other(random);
          await green(() => ({ clusterId }))(scene);
          await part("replay.json", { green: { clusterId } })(scene);
          await smoke((value) => ({ green: { ...value.green, clusterId } }))(scene);
        },
      ],
    ],
    (random) => [nothing, ["green is of another patch", green(() => ({ version: `v1.35.${random.between(0, 20)}` }))]],
  ),
  family(
    "bundle",
    (random) => [
      ["no bundle", "bundle-missing", /no verified bundle/, remove("bundle")],
      ["no manifest", "bundle-invalid", /bundle\.json/, remove("bundle/bundle.json")],
      [
        "a byte is another one",
        "bundle-invalid",
        /ConfigMap\.jsonl|Secret\.jsonl/,
        flip(`bundle/objects/${random.pick(["ConfigMap", "Secret"])}.jsonl`, random),
      ],
    ],
    () => [nothing],
  ),
  family(
    "rehearsal",
    (random) => [
      ["no rehearsal", "rehearsal-missing", /was not rehearsed/, remove("rehearsal.json")],
      ["of another bundle", "rehearsal-missing", /another bundle/, part("rehearsal.json", { bundle: other(random) })],
      [
        "against another version",
        "rehearsal-missing",
        /against 1\.3\d/,
        part("rehearsal.json", { version: `1.${random.pick([30, 34, 36])}.0` }),
      ],
      [
        "it was refused",
        "rehearsal-missing",
        /green's version refuses/,
        part("rehearsal.json", {
          refused: Array.from({ length: random.between(1, 5) }, () => ({ object: "Pod a/b", reason: "r" })),
        }),
      ],
      [
        "of no time",
        "rehearsal-stale",
        /has no time/,
        part("rehearsal.json", { at: random.pick(["", "soon", "2026-13-01"]) }),
      ],
      [
        "too old",
        "rehearsal-stale",
        /old; it may be/,
        part("rehearsal.json", { at: ago(24 * 60 * minute + random.between(1, 10_000) * minute) }),
      ],
      [
        "of tomorrow",
        "rehearsal-stale",
        /in the future/,
        part("rehearsal.json", { at: ago(-random.between(1, 3_000) * minute) }),
      ],
    ],
    (random) => [["not too old", part("rehearsal.json", { at: ago(random.between(1, 23 * 60) * minute) })]],
  ),
  family(
    "replay",
    (random) => [
      ["no replay", "replay-missing", /not been replayed/, remove("replay.json")],
      [
        "into another green",
        "replay-missing",
        /another green/,
        part("replay.json", { green: { clusterId: other(random) } }),
      ],
      ["of another bundle", "replay-missing", /another bundle/, part("replay.json", { bundle: other(random) })],
      [
        "objects failed",
        "replay-missing",
        /failed to arrive/,
        part("replay.json", { accounting: accountingOf({ Pod: failing(random.between(1, 9), 0) }) }),
      ],
      [
        "objects were lost",
        "replay-missing",
        /doesn't account for every object/,
        part("replay.json", { accounting: accountingOf({ Pod: failing(0, random.between(1, 9)) }) }),
      ],
      [
        "deployers haven't brought theirs",
        "replay-missing",
        /left to their deployers/,
        part("replay.json", { left: { come: 0, missing: [{ object: "ConfigMap shop/a", deployer: "helm" }] } }),
      ],
      [
        "green differs",
        "replay-missing",
        /undeclared difference/,
        part("parity.json", {
          differences: [{ object: { group: "", kind: "Pod", name: "a" }, kind: "missing", fields: [] }],
        }),
      ],
    ],
    (random) => [
      nothing,
      ["all arrived", part("replay.json", { accounting: accountingOf({ Pod: all(random.between(1, 99)) }) })],
    ],
  ),
  family(
    "smoke",
    (random) => [
      ["no smoke test", "smoke-missing", /No smoke test/, remove("smoke.json")],
      ["of another plan", "smoke-missing", /another plan/, smoke(() => ({ planHash: other(random) }))],
      [
        "of another green",
        "smoke-other-green",
        /another green/,
        smoke((value) => ({ green: { ...value.green, clusterId: other(random) } })),
      ],
      [
        "a check did not pass",
        "smoke-failed",
        /failed: app/,
        smoke(() => ({
          checks: [{ name: "app", kind: "http", outcome: random.pick(["failed", "inconclusive"]), detail: "", ms: 1 }],
        })),
      ],
      ["without checks", "smoke-failed", /had no checks/, smoke(() => ({ checks: [] }))],
      ["it says that it failed", "smoke-failed", /says that it failed/, smoke(() => ({ passed: false }))],
      [
        "too old",
        "smoke-stale",
        /old; evidence may be/,
        smoke(() => ({ at: ago((31 + random.between(0, 5_000)) * minute) })),
      ],
      ["of the future", "smoke-stale", /in the future/, smoke(() => ({ at: ago(-random.between(1, 5_000) * minute) }))],
      ["of no time", "smoke-stale", /has no time/, smoke(() => ({ at: random.pick(["", "now", "25:00"]) }))],
      [
        "green was replayed into since",
        "smoke-stale",
        /replayed into since/,
        part("replay.json", { at: ago(random.between(0, 4) * minute) }),
      ],
      [
        "green was changed since",
        "smoke-stale",
        /changed since the smoke test/,
        green(() => ({ readyAt: ago(random.between(0, 4) * minute) })),
      ],
    ],
    (random) => [
      ["fresh", smoke(() => ({ at: ago(random.between(1, 28) * minute) }))],
      ["an old replay", part("replay.json", { at: ago(random.between(31, 900) * minute) })],
    ],
  ),
];

const all = (objects: number) => counts({ listed: objects, migrated: objects });

function failing(failed: number, lost: number) {
  return counts({ listed: 10, migrated: 10 - failed - lost, failed });
}

function edit([pattern, text]: [RegExp, string]): Make {
  return async ({ place }) => {
    const file = join(place.dir, "clustershift.yaml");
    const before = await readFile(file, "utf8");
    const after = before.replace(pattern, text);
    if (after === before) throw new Error(`${pattern} is nowhere in the configuration`);
    await writeFile(file, after);
  };
}

/** Another bit in one byte of a file, wherever it is. */
function flip(name: string, { between }: Random): Make {
  const [place, bit] = [between(0, 1_000_000), between(0, 7)];
  return async ({ run }) => {
    const bytes = await readFile(run.path(name));
    const at = place % bytes.length;
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    await writeFile(run.path(name), bytes);
  };
}
