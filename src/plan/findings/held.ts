import { isScaledObject, scaledBy } from "../../model/autoscaling.js";
import type { Finding } from "../../model/finding.js";
import type { HoldEnd } from "../../model/held.js";
import { groupOf, kindKey, refKey, refOf } from "../../model/objects.js";
import type { PlannedHold } from "../../model/plan.js";
import type { Assessor } from "../assessment.js";
import { deployers } from "./deployer-kinds.js";

/** Names in one finding; the plan's own list has all of them. */
const mostNamed = 12;

const named = (holds: readonly PlannedHold[]): string => {
  const names = holds.slice(0, mostNamed).map(({ object }) => refKey(object));
  return holds.length > mostNamed ? `${names.join(", ")} and ${holds.length - mostNamed} more` : names.join(", ");
};

function about(
  holds: readonly PlannedHold[],
  finding: Pick<Finding, "id" | "severity" | "why" | "whatToDo">,
): Finding[] {
  const [first] = holds;
  return first ? [{ ...finding, object: first.object, count: holds.length }] : [];
}

const until = (held: readonly PlannedHold[], end: HoldEnd): PlannedHold[] => held.filter((hold) => hold.until === end);

/** What the cutover releases on green goes on acting on blue, unless it is handed over. */
export const actsOnBoth: Assessor = ({ held, exclusive, archive }) => {
  const handedOver = new Set(exclusive.planned.flatMap(({ object, edited }) => [refKey(object), refKey(edited)]));
  const both = archive ? [] : until(held, "cutover").filter(({ object }) => !handedOver.has(refKey(object)));
  return about(both, {
    id: "acts-on-both",
    severity: "warning",
    why: `${both.length} object(s) are kept from acting on green until the cutover; from then on they act there and on blue: ${named(both)}.`,
    whatToDo:
      "Hand them over (workloads.exclusive): they are stopped on blue before they are released. Or suspend them or scale them to 0 on blue yourself, right after the cutover and before their next turn; after a rollback give blue back what you took. Or hold them under replay.hold with until: teardown, so that blue alone acts as long as it lives.",
  });
};

/** What means blue's own resources stays quiet, so green must do without it. */
export const heldUntilTeardown: Assessor = ({ held }) => {
  const late = until(held, "teardown");
  return about(late, {
    id: "held-until-teardown",
    severity: "warning",
    why: `${late.length} object(s) don't act on green before blue is gone, since both would fight over the same resources: ${named(late)}.`,
    whatToDo:
      "See that green can do without: nodes for all of the traffic where an autoscaler is held, records made by hand where external-dns is. What is set up for green alone may act at once: name it under replay.dontHold.",
  });
};

/** Nobody but a person knows whether a Job that was under way on blue should be done again. */
export const heldJobs: Assessor = ({ held }) => {
  const jobs = until(held, "person");
  return about(jobs, {
    id: "held-for-you",
    severity: "warning",
    why: `${jobs.length} object(s) stay quiet on green until somebody decides, since blue may finish what they're for: ${named(jobs)}.`,
    whatToDo:
      "When blue has finished them, delete them on green; to run them there, release them by hand (spec.suspend: false).",
  });
};

/** Whatever writes green from Git, or counts from 0, doesn't know of a hold. */
export const holdsUndone: Assessor = ({ held, objects }) => {
  if (held.length === 0) return [];
  const from = objects.filter(({ apiVersion, kind }) =>
    deployers.includes(kindKey({ group: groupOf(apiVersion), kind })),
  );
  const [deployer] = from;
  const keys = new Set(held.map(({ object }) => refKey(object)));
  const scaled = objects.filter(
    (object) => isScaledObject(object) && keys.has(scaledBy(object) ?? "") && !keys.has(refKey(refOf(object))),
  );
  return [
    ...(deployer
      ? [
          {
            id: "hold-undone-by-deployer",
            severity: "warning" as const,
            object: refOf(deployer),
            count: from.length,
            why: "Argo CD or Flux on green writes what stands in Git, and so may release what is held.",
            whatToDo:
              "Hold its controllers too (replay.hold), or suspend these objects on green until the cutover; after each migrate, parity names what didn't stay held.",
          },
        ]
      : []),
    ...scaled.map((object) => ({
      id: "hold-undone-by-scaler",
      severity: "warning" as const,
      object: refOf(object),
      why: `KEDA scales from 0, and so would start ${scaledBy(object)}, which is held.`,
      whatToDo: "Hold KEDA's operator too (replay.hold), or leave this object behind (replay.skip) until the cutover.",
    })),
  ];
};
