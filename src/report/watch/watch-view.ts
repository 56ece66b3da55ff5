import { formatDuration } from "../../model/duration.js";
import { oneLine } from "../../model/plain-text.js";
import type { Portion } from "../../model/traffic.js";
import type { Look, NameAnswers, WatchedHealth, WatchSnapshot } from "../../model/watch.js";
import { clipped, textTable } from "../tables.js";
import { ageOf, clock, describeAnswers, describeDoing, describePortion, describeShift, since } from "./words.js";

/** How much fits, in characters. */
export interface Size {
  columns: number;
  rows: number;
}

/** Fewer portions than that are never shown, however small the terminal. */
const fewestPortions = 2;
const barLength = 20;
/** From this width on there is room for bars. */
const barColumns = 72;

/** A snapshot as the lines of a terminal: none is longer than it is wide, and no more than it is high. */
export function watchLines(snapshot: WatchSnapshot, { columns, rows }: Size): string[] {
  const now = Date.parse(snapshot.at);
  const above = [...head(snapshot), ...shiftLines(snapshot, now)];
  const below = [
    ...answerLines(snapshot.answers, now),
    ...checkLines(snapshot),
    ...errorLines(snapshot),
    ...budgetLines(snapshot, now),
    ...healthLines(snapshot, now),
    ...journalLines(snapshot, now),
  ];
  const room = Math.max(fewestPortions, rows - above.length - below.length - 2);
  const lines = [...above, ...portionLines(snapshot, now, columns, room), ...below];
  const fitting = lines.length > rows ? [...lines.slice(0, rows - 1), "… a higher window shows more"] : lines;
  return fitting.map((line) => clipped(oneLine(line), columns));
}

function head({ at, environment, run, traffic, journal }: WatchSnapshot): string[] {
  const where = { blue: "at blue", between: "BETWEEN blue and green", green: "at green" }[traffic.at];
  return [
    `${environment}  run ${run ?? "none yet"}  ${clock(at)}`,
    `Traffic   ${where}${traffic.since === null ? "" : ` since ${clock(traffic.since)}`}`,
    `At work   ${journal.value?.work ?? "nobody"}`,
  ];
}

function shiftLines({ shift, budget }: WatchSnapshot, now: number): string[] {
  if (!shift) return ["Cutover   none was begun: clustershift status says what comes next"];
  const current = shift.stages.findIndex(({ state }) => state === "under way");
  const stage = shift.stages[current];
  const marks = { passed: "x", "under way": ">", "to come": " " };
  const list = shift.stages.map(({ id, state }) => `[${marks[state]}] ${id}`).join("  ");
  const spent = `, begun ${since(shift.began, now)} ago`;
  return [
    `Cutover   ${describeShift(shift)}${shift.status === "moving" ? spent : ""}`,
    `Steps     ${list}`,
    ...(shift.now && shift.status === "moving" && stage
      ? [`Step      ${current + 1} of ${shift.stages.length}, ${stage.what}`]
      : []),
    ...(shift.now ? [`          ${describeDoing(shift.now, now, budget.inconclusiveForMs)}`] : []),
  ];
}

function portionLines({ portions, unseen }: WatchSnapshot, now: number, columns: number, room: number): string[] {
  const all = portions.value ?? [];
  // What isn't as all others are is what somebody looks for.
  const odd = (portion: Portion) => Number(portion.other > 0);
  const shown = [...all].sort((a, b) => odd(b) - odd(a)).slice(0, all.length > room ? room - 1 : room);
  const left = all.length - shown.length;
  const cells = shown.map((portion) => [
    portion.what,
    ...(columns >= barColumns ? [bar(portion)] : []),
    describePortion(portion),
  ]);
  const table =
    cells.length === 0 ? [] : textTable({ head: cells[0] ?? [], rows: cells.slice(1), numeric: [] }).split("\n");
  return [
    `Targets   ${ageOf(portions, now)}`,
    ...table.map((line) => `  ${line}`),
    ...(left > 0 ? [`  … and ${left} more`] : []),
    ...unseen.slice(0, 3).map((what) => `  not seen: ${what}`),
  ];
}

/** `[---------------#####]`: what green has comes last. */
function bar({ blue, green, other }: Portion): string {
  const sum = blue + green + other;
  if (sum === 0) return `[${" ".repeat(barLength)}]`;
  // Whoever has something is seen to have it.
  const part = (weight: number) => (weight > 0 ? Math.max(1, Math.round((weight / sum) * barLength)) : 0);
  const greenPart = Math.min(part(green), blue + other > 0 ? barLength - 1 : barLength);
  const otherPart = Math.min(part(other), barLength - greenPart);
  return `[${"-".repeat(barLength - greenPart - otherPart)}${"?".repeat(otherPart)}${"#".repeat(greenPart)}]`;
}

function answerLines(answers: Look<NameAnswers[]>, now: number): string[] {
  const [first, ...more] = answers.value ?? [];
  if (!first) return answers.trouble === null ? [] : [`Answers   ${ageOf(answers, now)}`];
  return [
    `Answers   of ${first.asked}, ${ageOf(answers, now)}`,
    ...[first, ...more].map((each) => `  ${each.what}  ${describeAnswers(each)}`),
  ];
}

function checkLines({ shift }: WatchSnapshot): string[] {
  if (!shift?.analysed) return [];
  const { at, stage, outcome, checks } = shift.analysed;
  const bad = checks.filter((check) => check.outcome !== "passed");
  return [
    `Checks    after ${stage}: ${outcome}, ${checks.length - bad.length} of ${checks.length} passed (${clock(at)})`,
    ...bad.map((check) => `  ${check.outcome}  ${check.name}: ${check.detail}`),
  ];
}

function errorLines({ journal }: WatchSnapshot): string[] {
  const errors = journal.value?.errors ?? [];
  if (errors.length === 0) return ["Errors    none"];
  return errors.map(({ at, what }, index) => `${index === 0 ? "Errors  " : "        "}  ${clock(at)} ${what}`);
}

function budgetLines({ budget, shift }: WatchSnapshot, now: number): string[] {
  const { closes, trouble, wayBackMs, wayBackBasis, cutoverMs } = budget;
  if (wayBackMs === null) return [];
  const window =
    closes === null ? "" : `window closes ${clock(closes)}, in ${formatDuration(Date.parse(closes) - now)}; `;
  const spent = shift?.status === "moving" && cutoverMs !== null ? since(shift.began, now) : null;
  return [
    `Time      ${window}the way back takes ${formatDuration(wayBackMs)} (${wayBackBasis})`,
    ...(spent === null
      ? []
      : [`          ${spent} of the ${formatDuration(cutoverMs ?? 0)} are spent that the plan has for the cutover`]),
    ...(trouble === null ? [] : [`          ${trouble}`]),
  ];
}

function healthLines({ health }: WatchSnapshot, now: number): string[] {
  const line = (label: string, look: Look<WatchedHealth>) =>
    `${label}${look.value === null ? "" : `${look.value.well ? "well" : "ILL"}: ${look.value.detail}; `}${ageOf(look, now)}`;
  return [line("Blue      ", health.blue), line("Green     ", health.green)];
}

function journalLines({ journal }: WatchSnapshot, now: number): string[] {
  const { from, entries, lately, warnings } = journal.value ?? { from: "", entries: 0, lately: [], warnings: [] };
  return [
    ...(from === ""
      ? [`Journal   ${ageOf(journal, now)}`]
      : [`Journal   ${entries} entries in ${from}, ${ageOf(journal, now)}`]),
    ...warnings.map((warning) => `  ${warning}`),
    ...lately.map(({ at, what }) => `  ${clock(at)} ${what}`),
  ];
}
