import { adaptations } from "../../src/replay/changes/index.js";
import { holds } from "../../src/replay/holds/index.js";
import { code, document, head, type Page, table } from "./page.js";

export const changesPage: Page = {
  path: "docs/changes.md",
  render: () =>
    document(
      head("Changes on the way", "src/replay/changes/"),
      [
        "An object that comes to green is first migrated, where its API was removed ([migrations](migrations.md)). Then changes are",
        "made in three stages: what every new cluster needs changed (adaptations), what the team wants changed (`replay.transforms`),",
        "and what keeps green quiet until it serves (`replay.hold`). The plan lists each change with the number of its objects; the",
        "accounting names it beside each object; `clustershift explain` shows it as a diff.",
      ].join("\n"),
      "## Adaptations",
      [
        "In this order. Those that point out change nothing: they tell by a finding what a person must see to. Findings that say",
        "the same of many objects are shown once, with their number. `replay.adaptations.off` in",
        "[clustershift.yaml](configuration.md) turns single ones off.",
      ].join("\n"),
      table(
        ["adaptation", "kinds", "what and why"],
        adaptations.map(({ id, kinds = ["any"], reason }) => [
          code(id),
          isPods(kinds) ? withoutPods(kinds) : kinds.map(code).join("\n"),
          reason,
        ]),
      ),
      `*Pods* stands for everything that runs them: ${podKinds.map(code).join(", ")}.`,
      "## Holds",
      [
        "After the team's own (`replay.hold`), in this order; the first that selects an object holds it. Workloads are kept at 0",
        "replicas, CronJobs and Jobs suspended, DaemonSets on no node, KEDA's ScaledObjects paused at 0. What is exclusive",
        "(`workloads.exclusive`) is held before all others, with what KEDA scales it by, until blue's was stopped and has ended.",
        "What doesn't act on blue either isn't held. `replay.dontHold`",
        "lets other objects act at once. held.json has what blue had in the field; a release puts it back where nobody else changed it.",
      ].join("\n"),
      table(
        ["hold", "until", "why"],
        holds.map(({ id, until, reason }) => [code(id), endOf[until], reason]),
      ),
    ),
};

const endOf = {
  cutover: "green serves all traffic",
  teardown: "blue is gone",
  person: "somebody decides",
} as const;

const podKinds = adaptations.find(({ id }) => id === "images")?.kinds ?? [];

function isPods(kinds: readonly string[]): boolean {
  return podKinds.filter((kind) => kind !== "Pod").every((kind) => kinds.includes(kind));
}

function withoutPods(kinds: readonly string[]): string {
  return [...kinds.filter((kind) => !podKinds.includes(kind)).map(code), "*Pods*"].join("\n");
}
