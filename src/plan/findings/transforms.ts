import type { Assessor } from "../assessment.js";

/** Transforms of the team's that no object needs: a slip in a selector looks just like that. */
export const idleTransforms: Assessor = ({ changes }) =>
  changes
    .filter(({ stage, objects }) => stage === "transform" && objects === 0)
    .map(({ id }) => ({
      id: "transform-without-effect",
      severity: "warning",
      why: `The transform ${id} changes none of blue's objects.`,
      whatToDo: "Look at its select, and at the transforms before it; take it out where it isn't needed any more.",
    }));
