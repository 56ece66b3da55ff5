import { oneLine } from "../../model/plain-text.js";
import type { Look, NameAnswers, WatchedHealth, WatchSnapshot } from "../../model/watch.js";
import { clock, describePortion, describeShift, doingWord } from "./words.js";

/** One line for each thing that is otherwise than before; everything that is worth one where there is no before. */
export function watchChanges(before: WatchSnapshot | undefined, after: WatchSnapshot): string[] {
  const known = before ? factsOf(before) : new Map<string, string>();
  const facts = factsOf(after);
  const over = [...known.keys()].filter((key) => key.startsWith(troubled) && !facts.has(key));
  const lines = [
    ...[...facts].flatMap(([key, fact]) => (known.get(key) === fact ? [] : [fact])),
    ...over.map((key) => `${key.slice(troubled.length)} can be read again`),
  ];
  return lines.map((line) => `${clock(after.at)} ${oneLine(line)}`);
}

/** Of keys of facts that are so for a while. */
const troubled = "trouble of ";

/** What is so now, in words that stay the same while only time passes. */
function factsOf(snapshot: WatchSnapshot): Map<string, string> {
  const { run, traffic, shift, journal, portions, unseen, answers, health, budget } = snapshot;
  const facts = new Map<string, string>();
  // What wasn't looked at yet isn't so.
  if (journal.at !== null) {
    facts.set("run", run === null ? "no run yet" : `run ${run}`);
    facts.set("traffic", `traffic ${traffic.at === "between" ? "between blue and green" : `at ${traffic.at}`}`);
    facts.set("work", `at work: ${journal.value?.work?.replace(/, last heard of .*$/, "") ?? "nobody"}`);
  }
  if (shift) {
    facts.set("shift", `cutover ${describeShift(shift)}`);
    const stage = shift.stages.find(({ state }) => state === "under way");
    if (shift.now) facts.set("stage", `step ${stage?.id ?? ""}: ${doingWord(shift.now)}`);
    const { analysed } = shift;
    if (analysed) facts.set("checks", `checks after ${analysed.stage}: ${analysed.outcome}${badOf(analysed.checks)}`);
  }
  for (const portion of portions.value ?? [])
    facts.set(`portion ${portion.what}`, `${portion.what}: ${describePortion(portion)}`);
  for (const what of unseen) facts.set(`unseen ${what}`, `not seen: ${what}`);
  for (const each of answers.value ?? []) facts.set(`answers ${each.what}`, `${each.what}: ${answering(each)}`);
  for (const { at, what } of journal.value?.errors ?? [])
    facts.set(`error ${at} ${what}`, `error at ${clock(at)}: ${what}`);
  for (const warning of journal.value?.warnings ?? []) facts.set(`warning ${warning}`, `warning: ${warning}`);
  setHealth(facts, "blue", health.blue);
  setHealth(facts, "green", health.green);
  if (budget.closes !== null) facts.set("window", `the window closes at ${budget.closes}`);
  // What it says of the time that is left is another one each second.
  if (budget.trouble !== null) facts.set("budget", `time: ${budget.trouble.replace(/, in [^,.]+/, "")}`);
  setTrouble(facts, "journal", journal);
  setTrouble(facts, "targets", portions);
  setTrouble(facts, "answers", answers);
  return facts;
}

function badOf(checks: readonly { name: string; outcome: string; detail: string }[]): string {
  const bad = checks.filter(({ outcome }) => outcome !== "passed");
  return bad.map(({ name, outcome, detail }) => `; ${name} ${outcome}: ${detail}`).join("");
}

/** Which colours answer: how often is chance. */
function answering({ blue, green, other, failed }: NameAnswers): string {
  const colours = [
    ...(blue > 0 ? ["blue"] : []),
    ...(green > 0 ? ["green"] : []),
    ...(other > 0 ? ["something else"] : []),
  ];
  const silent = Object.keys(failed);
  return `the DNS answers with ${colours.join(" and ") || "nothing"}${silent.length > 0 ? ` (no answer: ${silent.join(", ")})` : ""}`;
}

function setHealth(facts: Map<string, string>, colour: string, look: Look<WatchedHealth>): void {
  if (look.value) facts.set(colour, `${colour} is ${look.value.well ? "well" : `ill: ${look.value.detail}`}`);
  setTrouble(facts, colour, look);
}

function setTrouble(facts: Map<string, string>, what: string, { trouble }: Look<unknown>): void {
  if (trouble !== null) facts.set(`${troubled}${what}`, `${what} can't be read: ${trouble}`);
}
