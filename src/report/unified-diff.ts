/** Lines of context around what differs. */
const context = 3;

/** Edits beyond which two texts are taken for wholly different ones: finding the shortest way between them would take too long. */
const mostEdits = 500;

type Edit = { kind: " " | "-" | "+"; line: string };

/** Two texts as a unified diff without file names; empty where they are the same. */
export function unifiedDiff(before: string, after: string): string {
  const edits = editsBetween(linesOf(before), linesOf(after));
  const hunks: { at: [number, number]; edits: Edit[] }[] = [];
  let [left, right, quiet] = [0, 0, Number.POSITIVE_INFINITY];
  for (const [index, edit] of edits.entries()) {
    if (edit.kind === " ") quiet++;
    else {
      const last = hunks.at(-1);
      if (!last || quiet > 2 * context) {
        const lead = edits.slice(Math.max(0, index - Math.min(quiet, context)), index);
        last?.edits.push(...edits.slice(index - quiet, index - quiet + context));
        hunks.push({ at: [left - lead.length, right - lead.length], edits: [...lead, edit] });
      } else last.edits.push(...edits.slice(index - quiet, index), edit);
      quiet = 0;
    }
    if (edit.kind !== "+") left++;
    if (edit.kind !== "-") right++;
  }
  hunks.at(-1)?.edits.push(...edits.slice(edits.length - quiet, edits.length - quiet + context));
  return hunks.map(hunkText).join("\n");
}

function hunkText({ at: [left, right], edits }: { at: [number, number]; edits: Edit[] }): string {
  const [removed, added] = ["+", "-"].map((other) => edits.filter(({ kind }) => kind !== other).length);
  const head = `@@ -${rangeOf(left, removed)} +${rangeOf(right, added)} @@`;
  return [head, ...edits.map(({ kind, line }) => `${kind}${line}`)].join("\n");
}

/** As diff writes it: lines count from 1, and an empty range names the line before it. */
function rangeOf(start: number, count = 0): string {
  return `${count === 0 ? start : start + 1},${count}`;
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** The shortest way from one list of lines to the other (Myers 1986): what is the same at both ends is passed over first. */
function editsBetween(before: readonly string[], after: readonly string[]): Edit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const same = (line: string): Edit => ({ kind: " ", line });
  return [
    ...before.slice(0, head).map(same),
    ...shortest(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

function shortest(before: readonly string[], after: readonly string[]): Edit[] {
  const [rows, columns] = [before.length, after.length];
  const trace: Map<number, number>[] = [];
  let reach = new Map([[1, 0]]);
  for (let edits = 0; edits <= Math.min(rows + columns, mostEdits); edits++) {
    trace.push(reach);
    const next = new Map<number, number>();
    for (let k = -edits; k <= edits; k += 2) {
      const down = reach.get(k + 1) ?? -1;
      const along = reach.get(k - 1) ?? -1;
      let x = k === -edits || (k !== edits && along < down) ? down : along + 1;
      while (x < rows && x - k < columns && before[x] === after[x - k]) x++;
      next.set(k, x);
      if (x >= rows && x - k >= columns) return walkBack(before, after, [...trace.slice(1), next]);
    }
    reach = next;
  }
  return [...before.map((line): Edit => ({ kind: "-", line })), ...after.map((line): Edit => ({ kind: "+", line }))];
}

/** `trace[d]` is how far each diagonal was reached with d edits. */
function walkBack(
  before: readonly string[],
  after: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
): Edit[] {
  const found: Edit[] = [];
  let [x, y] = [before.length, after.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = edits === 0 ? undefined : trace[edits - 1];
    const k = x - y;
    const [down, along] = [reach?.get(k + 1) ?? -1, reach?.get(k - 1) ?? -1];
    const isDown = k === -edits || (k !== edits && along < down);
    const startX = reach === undefined ? 0 : isDown ? down : along + 1;
    while (x > startX && y > startX - k) {
      found.push({ kind: " ", line: before[--x] ?? "" });
      y--;
    }
    if (reach === undefined) break;
    if (isDown) found.push({ kind: "+", line: after[--y] ?? "" });
    else found.push({ kind: "-", line: before[--x] ?? "" });
  }
  return found.reverse();
}
