import type { JournalEntry } from "../model/journal.js";
import type { NoticeKind } from "../model/notice.js";
import { oneLine } from "../model/plain-text.js";
import type { Happening } from "./facts.js";

/** What people are told of one entry of the journal. */
export interface NotifyEvent extends Happening {
  kind: NoticeKind;
  /** The entry's. */
  seq: number;
}

/** Characters of a server's words that fit into a notice. */
const mostDetail = 500;

/** What people are told of the entries after `after`, oldest first. Most entries tell them nothing. */
export function eventsOf(entries: readonly JournalEntry[], after = 0): NotifyEvent[] {
  let step = 0;
  const intents = new Map<string, { what: string; phase: string }>();
  const events: NotifyEvent[] = [];
  for (const entry of entries) {
    const again = entry.type === "intent" && intents.has(entry.step);
    if (entry.type === "intent") intents.set(entry.step, entry);
    if (entry.type === "event" && entry.phase === "cutover" && entry.event === "started") step = 0;
    if (entry.type === "event" && entry.event === "stage-passed") step++;
    if (entry.seq <= after || again) continue;
    const told = tell(entry, step, intents);
    if (told) events.push({ at: Date.parse(entry.at), seq: entry.seq, ...told });
  }
  return events;
}

type Told = Omit<NotifyEvent, "at" | "seq">;

function tell(
  entry: JournalEntry,
  step: number,
  intents: ReadonlyMap<string, { what: string; phase: string }>,
): Told | undefined {
  switch (entry.type) {
    case "intent":
      // The step of a teardown that removes blue itself; others give back what was prepared, or release what was held.
      return entry.phase === "teardown" && entry.step === `teardown/${entry.target}`
        ? { kind: "soak-over" }
        : undefined;
    case "failed": {
      const intent = intents.get(entry.step);
      if (!intent || !["cutover", "rollback", "teardown"].includes(intent.phase)) return undefined;
      return { kind: "stopped", stage: oneLine(intent.what), detail: shortened(entry.error) };
    }
    case "event":
      return tellEvent(`${entry.phase}/${entry.event}`, factsIn(entry.data), step);
    default:
      return undefined;
  }
}

function tellEvent(name: string, data: Record<string, unknown>, step: number): Told | undefined {
  switch (name) {
    case "cutover/started":
      return { kind: "start" };
    case "cutover/stage-passed":
      return { kind: "step", step, stage: stageWords(data.stage) };
    case "cutover/check-failed":
      return {
        kind: "aborted",
        stage: stageWords(data.stage),
        detail: shortened(`${stageWords(data.stage)}: ${String(data.detail ?? data.outcome ?? "a check failed")}`),
      };
    case "rollback/started":
      return { kind: "aborted", detail: "it was decided to go back" };
    case "cutover/completed":
      return { kind: "done" };
    case "rollback/completed":
      return { kind: "rolled-back" };
    case "teardown/completed":
      return { kind: "finished" };
    default:
      return undefined;
  }
}

/** `share/25` -> `green gets 25 % of the traffic`; another stage by its own name. */
function stageWords(id: unknown): string {
  const [, share] = /^share\/(\d+)$/.exec(String(id)) ?? [];
  if (share !== undefined) return `green gets ${share} % of the traffic`;
  const [, group, zone] = /^elastic-ip\/(.+)\/([^/]+)$/.exec(String(id)) ?? [];
  if (group !== undefined) return `green has the Elastic IPs of ${group} in ${zone}`;
  return oneLine(String(id));
}

function shortened(words: string): string {
  const line = oneLine(words);
  return line.length > mostDetail ? `${line.slice(0, mostDetail - 1)}…` : line;
}

function factsIn(data: unknown): Record<string, unknown> {
  return data !== null && typeof data === "object" ? (data as Record<string, unknown>) : {};
}
