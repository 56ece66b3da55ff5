import type { Finding } from "../../model/finding.js";
import type { Assessor } from "../assessment.js";

/** What clustershift.yaml says of objects, and has nothing to do with: most likely a name is mistyped. */
export const idleEntries: Assessor = ({ decided }) =>
  decided.configured
    .filter(({ objects, unmoved }) => objects === 0 && unmoved === 0)
    .map(
      ({ entry }): Finding => ({
        id: "entry-without-effect",
        severity: "warning",
        why: `${entry} changes nothing for any object of blue.`,
        whatToDo: "Compare it with the objects that it should be about; take it out where it isn't needed any more.",
      }),
    );

/** Objects that a team would keep, and that stay behind all the same. */
export const notKept: Assessor = ({ decided }) =>
  decided.configured
    .filter(({ unmoved }) => unmoved > 0)
    .map(
      ({ entry, unmoved, by }): Finding => ({
        id: "not-kept",
        severity: "warning",
        count: unmoved,
        why: `${entry} selects ${unmoved} object(s) that stay behind all the same (${by.join(", ")}).`,
        whatToDo: "Those rules can't be overruled: docs/rules.md says why of each. Select more narrowly.",
      }),
    );

/** What a team keeps is copied although we would not: whoever approves the plan should see it. */
export const kept: Assessor = ({ decided }) =>
  decided.configured
    .filter(({ list, objects }) => list === "keep" && objects > 0)
    .map(
      ({ entry, objects, reason }): Finding => ({
        id: "kept-by-configuration",
        severity: "note",
        count: objects,
        why: `${entry} has ${objects} object(s) copied that would stay behind: ${reason.replace(/\.$/, "")}.`,
        whatToDo: "See that green's own don't stand in their way.",
      }),
    );
