import type { Edges, Screen } from "../../../edges.js";
import type { WatchSnapshot } from "../../../model/watch.js";
import { watchChanges } from "../../../report/watch/watch-changes.js";
import { watchLines } from "../../../report/watch/watch-view.js";

/** Where snapshots are shown. */
export interface Display {
  show(snapshot: WatchSnapshot): void;
  /** Leaves everything as it was found. */
  end(): void;
}

/** One JSON object a line for each tick. */
export function jsonDisplay({ stdout }: Edges): Display {
  return {
    show: (snapshot) => void stdout.write(`${JSON.stringify(snapshot)}\n`),
    end: () => undefined,
  };
}

/** A line whenever something is otherwise. */
export function plainDisplay({ stdout }: Edges): Display {
  let before: WatchSnapshot | undefined;
  return {
    show(snapshot) {
      for (const line of watchChanges(before, snapshot)) stdout.write(`${line}\n`);
      before = snapshot;
    },
    end: () => undefined,
  };
}

const enter = "\x1b[?1049h\x1b[?25l";
const leave = "\x1b[?25h\x1b[?1049l";
const toTop = "\x1b[H";
const clearRight = "\x1b[K";
const clearBelow = "\x1b[J";

/** Redrawn in place, on the terminal's second screen: what was there before comes back, and the last picture stays below it. */
export function screenDisplay({ stdout }: Edges, screen: Screen): Display {
  let last: WatchSnapshot | undefined;
  const draw = (): void => {
    if (!last) return;
    const lines = watchLines(last, screen.size());
    // No line break after the last line: on a full screen it would scroll the first one away.
    stdout.write(`${toTop}${lines.map((line) => `${line}${clearRight}`).join("\r\n")}${clearBelow}`);
  };
  stdout.write(enter);
  const stopResizing = screen.onResize(() => {
    stdout.write(`${toTop}${clearBelow}`);
    draw();
  });
  return {
    show(snapshot) {
      last = snapshot;
      draw();
    },
    end() {
      stopResizing();
      stdout.write(leave);
      if (!last) return;
      const lines = watchLines(last, { ...screen.size(), rows: Number.POSITIVE_INFINITY });
      stdout.write(`${lines.join("\n")}\n`);
    },
  };
}
