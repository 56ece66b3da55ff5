import { formatDuration } from "../../../model/duration.js";
import type { StackChange } from "../../../model/stack-change.js";
import { type Course, UpdateCourse } from "../../../provision/course.js";
import type { Context } from "../command.js";
import type { OpenStack } from "../green-stack.js";

/** AWS is silent for minutes while it makes a control plane: the line on a terminal still moves. */
const redrawMs = 1_000;

/** Brings the stack up, and shows resource by resource how far it is and how long it takes by what was foreseen. */
export async function bringUp(
  stack: OpenStack,
  foreseen: readonly StackChange[],
  { edges, progress }: Context,
): Promise<Record<string, number>> {
  const course = new UpdateCourse(foreseen);
  const now = (): number => edges.now().getTime();
  const redraw = setInterval(() => {
    const at = course.at(now());
    if (at.done < at.total) progress.tick("up", tickOf(at));
  }, redrawMs);
  try {
    return await stack.up((seen) => {
      if (seen.op === "same") return;
      const took = course.see(seen, now());
      const { done, total } = course.at(now());
      if (took === undefined)
        progress.debug(`up: ${seen.op} ${seen.name} (${seen.type}) ${seen.done ? "ends" : "begins"}`);
      else
        progress.line(
          `up: ${done} of ${total} ${seen.failed ? "FAILED " : ""}${seen.op} ${seen.name} (${seen.type}), ${formatDuration(took)}`,
        );
    }, edges.signal);
  } finally {
    clearInterval(redraw);
    progress.end();
  }
}

function tickOf({ done, total, busy, leftMs }: Course) {
  const [longest, ...others] = busy;
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  return {
    done,
    total,
    unit: "resources",
    leftMs,
    ...(longest && { at: `at ${longest.name} for ${formatDuration(longest.ms)}${more}` }),
  };
}
