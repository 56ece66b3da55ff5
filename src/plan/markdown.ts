import { type ApprovalFile, approvalsOf } from "../model/approval.js";
import { formatDuration } from "../model/duration.js";
import type { Finding } from "../model/finding.js";
import { describeEnd } from "../model/held.js";
import { refKey } from "../model/objects.js";
import { markdownBlock, markdownCell, markdownCode, markdownLine, oneLine } from "../model/plain-text.js";
import type { Plan } from "../model/plan.js";
import { describeWindow } from "../model/window.js";
import { describeGroup } from "./topology.js";
import { volumeCells } from "./volume-cells.js";

const provedBy = { name: "", aws: " (by AWS)", ssh: " (signed)" };

/** The plan as a maintenance plan that a change board can read, file and approve. */
export function planMarkdown(plan: Plan, approval?: ApprovalFile): string {
  const { blue, green, findings, window } = plan;
  const objects = plan.kinds.reduce((sum, { count }) => sum + count, 0);
  const approved = approvalsOf(approval).filter(({ planHash }) => planHash === plan.hash);
  const blockers = findings.filter(({ severity }) => severity === "blocker").length;
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  return `${[
    markdownLine(`# Maintenance plan: ${plan.environment}, Kubernetes ${blue.version} to ${green.version}`),
    table(
      ["", ""],
      [
        ["Run", plan.run],
        ["Plan", `\`${plan.hash}\``],
        ["Made", `${plan.createdAt}${plan.author ? `, by ${plan.author.user} on ${plan.author.host}` : ""}`],
        ["Window", window ? describeWindow(window) : "none set"],
        [
          "Approved",
          approved
            .map(({ by, at, comment, proof }) => `${by}${provedBy[proof.kind]}, ${at}${comment ? ` (${comment})` : ""}`)
            .join("; ") || "not yet",
        ],
      ],
    ),
    "## Scope",
    markdownLine(
      `A new cluster of Kubernetes ${green.version} (green) is stood up beside **${blue.name}** (blue, ${blue.version}). Blue's ${objects} objects of ${plan.kinds.length} kinds are replayed into it. Traffic moves only after smoke tests on green passed, step by step, and moves back at once when a check fails. Blue is never upgraded and ${plan.exclusive ? "written to only to stop the exclusive workloads below" : "never written to"}; it is removed only after the soak time.`,
    ),
    markdownLine(`Blue: ${blue.topology.zones.length} zone(s): ${blue.topology.groups.map(describeGroup).join("; ")}.`),
    markdownLine(`Green: ${green.topology.groups.map(describeGroup).join("; ") || "its stack decides"}.`),
    "### What moves traffic",
    plan.targets.length > 0
      ? table(
          ["Target", "From", "To"],
          plan.targets.map(({ target, from, to }) => [target, from, to]),
        )
      : "Nothing: no traffic targets are configured.",
    "## Risk",
    `${blockers} blocker(s), ${warnings} warning(s), ${findings.length - blockers - warnings} note(s).`,
    ...findings.filter(({ area }) => area === undefined).map(findingMarkdown),
    ...surroundingsMarkdown(findings.filter(({ area }) => area === "surroundings")),
    "## Backup",
    "Before anything is replayed, every object of blue is exported into a bundle with counts and checksums, Secrets encrypted, and verified. The bundle is rehearsed in a throw-away control plane of green's version. It stays in the run's folder after blue is gone.",
    "## Communication",
    markdownLine(
      window
        ? `Announce the window (${describeWindow(window)}) to the users and teams of ${plan.environment}. No outage is expected. Tell them when it starts, when traffic has moved, and if it was moved back.`
        : `Set and announce a window for ${plan.environment}. No outage is expected.`,
    ),
    "## Steps",
    table(
      ["#", "Phase", "What", "Touches", "Undone by"],
      plan.steps.map(({ phase, what, touches, undo }, index) => [String(index + 1), phase, what, touches, undo]),
    ),
    "## Time",
    table(
      ["Phase", "At most", "Basis"],
      plan.budgets.map(({ phase, seconds, basis }) => [phase, formatDuration(seconds * 1000), basis]),
    ),
    "## Rollback",
    `\`clustershift rollback\` writes back what was recorded before the first step: at most ${formatDuration(plan.rollbackSeconds * 1000)}, in which both clusters serve. It needs neither green nor the export. It is possible until teardown begins to remove blue, and happens by itself when a check fails between two steps.`,
    "## Rehearsal",
    markdownLine(`Where: ${plan.rehearsal.where}.`),
    ...plan.rehearsal.differences.map((difference) => `- ${markdownLine(difference)}`),
    "## What becomes of each kind",
    table(
      ["Kind", "Objects", "Read as", "Written as", "By"],
      plan.kinds.map(({ kind, count, readAs, writeAs, by }) => [kind, String(count), readAs, writeAs ?? "–", by ?? ""]),
    ),
    ...(plan.changes.length > 0
      ? [
          "## What is changed on the way",
          table(
            ["Change", "", "Objects", "Why"],
            plan.changes.map(({ id, stage, objects, reason }) => [id, stage, String(objects), reason]),
          ),
        ]
      : []),
    ...deployersMarkdown(plan.deployers),
    ...(plan.held.length > 0
      ? [
          "## What is held on green",
          "It comes over, but doesn't act there yet: what it does for the world outside, blue does.",
          table(
            ["Object", "Hold", "How long"],
            plan.held.map(({ object, hold, until }) => [refKey(object), hold, describeEnd(until)]),
          ),
        ]
      : []),
    ...exclusiveMarkdown(plan.exclusive ?? []),
    ...volumesMarkdown(plan.volumes ?? []),
  ].join("\n\n")}\n`;
}

function exclusiveMarkdown(exclusive: NonNullable<Plan["exclusive"]>): string[] {
  if (exclusive.length === 0) return [];
  return [
    "## What is stopped on blue",
    "The only writes to blue: each is stopped there, and green's is released once green serves everything and blue's has ended. A rollback starts them again as they were.",
    table(
      ["Workload", "Rule", "Written", "Value", "When"],
      exclusive.map(({ object, rule, edited, field, value, first }) => [
        refKey(object),
        rule,
        refKey(edited) === refKey(object) ? field : `${field} of ${refKey(edited)}`,
        String(value),
        first ? "before any traffic moves" : "once green serves everything",
      ]),
    ),
  ];
}

function volumesMarkdown(volumes: NonNullable<Plan["volumes"]>): string[] {
  if (volumes.length === 0) return [];
  return [
    "## What becomes of the volumes",
    "By claim. The time is how long its workload runs on neither cluster for its sake, at most.",
    table(
      ["Claim", "Strategy", "Size", "Zone", "Time", "Rule", "Why"],
      volumes.map((volume) => {
        const { rule, reason, downtime } = volume;
        const [claim = "", strategy = "", size = "", zone = "", time = ""] = volumeCells(volume);
        return [claim, strategy, size, zone, downtime ? `${time}: ${downtime.basis}` : "", rule, reason];
      }),
    ),
  ];
}

/** Who deploys what; and one by one what nobody does, since a rebuild from what lies in Git would lack it. */
function deployersMarkdown(deployers: Plan["deployers"]): string[] {
  if (deployers.length === 0) return [];
  const byHand = deployers.filter(({ kind }) => kind === "hand").flatMap(({ examples }) => examples);
  return [
    "## Who deploys it",
    table(
      ["Deployer", "Objects", "Handling", "Among them"],
      deployers.map(({ id, kind, objects, handling, examples }) => [
        id,
        String(objects),
        handling === "leave" ? "left to it; migrate waits until it has brought them" : "copied",
        kind === "hand" ? "see below" : examples.join(", "),
      ]),
    ),
    ...(byHand.length > 0
      ? [
          "### What nobody is known to deploy",
          "No release, no GitOps tool and no applied manifest names these: a cluster rebuilt from what lies in Git would lack them. They are copied.",
          byHand.map((object) => `- ${markdownCode(object)}`).join("\n"),
        ]
      : []),
  ];
}

/** What lets blue in is others' to mend, and each has its command. */
function surroundingsMarkdown(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  return [
    "### What lets blue in, and what knows its face",
    "In capitals stands what is known only once green is up: its stack's outputs have it.",
    ...findings.flatMap((finding) => [
      findingMarkdown(finding),
      ...(finding.commands ? [markdownBlock(finding.commands.map(oneLine).join("\n"))] : []),
    ]),
  ];
}

function findingMarkdown({ id, severity, object, count, why, whatToDo }: Finding): string {
  const what = object ? ` ${markdownCode(refKey(object))}${count && count > 1 ? ` and ${count - 1} more` : ""}` : "";
  return `- **${severity}** ${id}${what}: ${markdownLine(`${why} ${whatToDo}`)}`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map(markdownCell).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
