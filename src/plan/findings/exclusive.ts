import type { Finding } from "../../model/finding.js";
import { groupOf, kindKey, type ObjectRef, refKey, refOf } from "../../model/objects.js";
import type { Assessor } from "../assessment.js";
import { deployers } from "./deployer-kinds.js";

/** Names in one finding; the plan's own list has all of them. */
const mostNamed = 12;

function named(objects: readonly ObjectRef[]): string {
  const names = objects.slice(0, mostNamed).map(refKey).join(", ");
  return objects.length > mostNamed ? `${names} and ${objects.length - mostNamed} more` : names;
}

function about(
  objects: readonly ObjectRef[],
  finding: (names: string) => Pick<Finding, "id" | "severity" | "why" | "whatToDo">,
): Finding[] {
  const [object] = objects;
  return object ? [{ ...finding(named(objects)), object, count: objects.length }] : [];
}

/** Whoever approves the plan approves these writes to blue, and no other. */
export const writesToBlue: Assessor = ({ exclusive }) =>
  about(
    exclusive.planned.map(({ object }) => object),
    (names) => ({
      id: "exclusive-stopped-on-blue",
      severity: "note",
      why: `The only writes to blue: once green serves everything, these are stopped there, and released on green when they have ended: ${names}. Between the two nobody does their work.`,
      whatToDo:
        "See that the gap is short enough for them: as long as their Pods and Jobs take to end, workloads.exclusive.timeout at most. rollback starts them again as they were.",
    }),
  );

/** Without a switch that can be turned back exactly nothing is handed over. */
export const noWayToStop: Assessor = ({ exclusive }) => [
  ...about(
    exclusive.others.filter(({ why }) => why === "no-way").map(({ object }) => object),
    (names) => ({
      id: "exclusive-no-way",
      severity: "blocker",
      why: `workloads.exclusive selects what can't be stopped on blue and started again by one field: ${names}.`,
      whatToDo:
        "Select more narrowly (kind: Deployment). Keep green's quiet under replay.hold, and stop blue's yourself after the cutover.",
    }),
  ),
  ...exclusive.others
    .filter(({ why }) => why === "owned")
    .map(
      ({ object, owner }): Finding => ({
        id: "exclusive-owned",
        severity: "blocker",
        object,
        why: `workloads.exclusive selects it, but ${owner} makes it, and would start it again on blue.`,
        whatToDo: "Select what runs its owner's controller, or select more narrowly and stop it on blue yourself.",
      }),
    ),
  ...about(
    exclusive.others.filter(({ why }) => why === "runs-out").map(({ object }) => object),
    (names) => ({
      id: "exclusive-runs-out",
      severity: "warning",
      why: `workloads.exclusive selects Jobs and Pods of their own, which are not stopped on blue: ${names}.`,
      whatToDo: "Let them end before the cutover; a Job's copy on green stays suspended, a Pod's runs at once.",
    }),
  ),
];

/** What is stopped on blue, but waits for nobody's release on green: whoever brings it there must bring it at rest. */
export const notHeldOnGreen: Assessor = ({ exclusive, held }) => {
  const keys = new Set(held.map(({ object }) => refKey(object)));
  return about(
    exclusive.planned.map(({ object }) => object).filter((object) => !keys.has(refKey(object))),
    (names) => ({
      id: "exclusive-not-held",
      severity: "warning",
      why: `These are stopped on blue, but none is held on green and released there: they are at rest on blue already, stay behind, or their deployer brings them: ${names}.`,
      whatToDo:
        "See who does their work after the cutover; and that no deployer brings them to green running before (0 replicas, or suspended).",
    }),
  );
};

/** Whatever else decides over replicas, on blue. */
export const startedAgain: Assessor = ({ exclusive, objects }) => {
  if (exclusive.planned.length === 0) return [];
  const from = objects.filter(({ apiVersion, kind }) =>
    deployers.includes(kindKey({ group: groupOf(apiVersion), kind })),
  );
  return [
    ...about(exclusive.autoscalers, (names) => ({
      id: "exclusive-autoscaled",
      severity: "note",
      why: `A HorizontalPodAutoscaler does nothing while its workload is at 0 replicas: ${names}.`,
      whatToDo: "Nothing: after a rollback it goes on from the replicas that there were.",
    })),
    ...about(from.map(refOf), () => ({
      id: "exclusive-undone-by-deployer",
      severity: "warning",
      why: "Argo CD or Flux on blue writes what stands in Git, and so may start again what is stopped there.",
      whatToDo:
        "Suspend the exclusive workloads' Applications and Kustomizations on blue before the cutover, or leave replicas and suspend out of what they compare. What runs again while the cutover waits isn't released on green.",
    })),
  ];
};
