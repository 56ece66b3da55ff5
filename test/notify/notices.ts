import type { Clock } from "../../src/model/clock.js";
import type { JournalEntry, JournalRecord } from "../../src/model/journal.js";
import { type Facts, placeholders } from "../../src/model/notice.js";
import type { Notice } from "../../src/notify/notice.js";

/** Facts that are each their placeholder's name, but for what is given. */
export function factsWith(given: Partial<Facts> = {}): Facts {
  const names = Object.keys(placeholders).map((name) => [name, `<${name}>`]);
  return { ...(Object.fromEntries(names) as Facts), ...given };
}

export function noticeWith(given: Partial<Notice> = {}): Notice {
  const seq = given.seq ?? 1;
  return {
    id: `run-1/${seq}`,
    kind: "start",
    at: "2026-11-28T21:00:00.000Z",
    run: "run-1",
    seq,
    title: "a title",
    text: "one line\nanother",
    facts: factsWith(),
    ...given,
  };
}

/** Records as a journal numbers them, one a second. */
export function entriesOf(records: readonly JournalRecord[]): JournalEntry[] {
  return records.map((record, index) => ({
    ...record,
    seq: index + 1,
    at: new Date(Date.parse("2026-11-28T21:00:00Z") + index * 1000).toISOString(),
    sum: "",
  }));
}

/** A clock that is asked for pauses and takes none, and remembers them; but what `holds` says true for waits for its signal. */
export function quickClock(holds: (ms: number) => boolean = () => false): Clock & { slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.parse("2026-11-28T21:00:00Z"),
    sleep(ms, signal) {
      slept.push(ms);
      if (!holds(ms)) return Promise.resolve();
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
    },
  };
}
