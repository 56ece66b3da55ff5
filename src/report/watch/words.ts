import { formatDuration } from "../../model/duration.js";
import type { Portion } from "../../model/traffic.js";
import type { Doing, Look, NameAnswers, ShiftProgress } from "../../model/watch.js";

/** `22:04:31Z`, of an ISO time. */
export function clock(at: string): string {
  return `${at.slice(11, 19)}Z`;
}

/** Time that has passed since; none where the journal's clock is ahead of this machine's. */
export function since(at: string, nowMs: number): string {
  return formatDuration(Math.max(0, nowMs - Date.parse(at)));
}

/** `app.acme.example. A: blue 95 %, green 5 %`, without the name. */
export function describePortion({ blue, green, other }: Portion): string {
  const sum = blue + green + other;
  if (sum === 0) return "nobody gets anything";
  const share = (weight: number) => `${Math.round((weight * 1000) / sum) / 10} %`;
  return [
    ...(blue > 0 || other === 0 ? [`blue ${share(blue)}`] : []),
    ...(green > 0 || other === 0 ? [`green ${share(green)}`] : []),
    ...(other > 0 ? [`SOMETHING ELSE ${share(other)}`] : []),
  ].join(", ");
}

/** `blue 19, green 1` */
export function describeAnswers({ blue, green, other, failed }: NameAnswers): string {
  return [
    `blue ${blue}`,
    `green ${green}`,
    ...(other > 0 ? [`something else ${other}`] : []),
    ...Object.entries(failed).map(([why, count]) => `no answer ${count} (${why})`),
  ].join(", ");
}

/** What a shift is at, with the time that is left. */
export function describeDoing(doing: Doing, nowMs: number, inconclusiveForMs: number): string {
  const left = (until: number) => formatDuration(until - nowMs);
  const passed = since(doing.since, nowMs);
  switch (doing.doing) {
    case "begin":
      return "to begin: nothing of it was tried yet";
    case "move":
      return `${doing.done} of ${doing.of} in place; waiting until the rest is, for ${passed}`;
    case "hold": {
      const until = Date.parse(doing.until);
      return until > nowMs
        ? `in place and held, ${left(until)} left; then the checks`
        : `held long enough; checks are made since ${since(doing.until, nowMs)}`;
    }
    case "wait": {
      const until = Date.parse(doing.since) + inconclusiveForMs;
      return `held: checks are inconclusive; ${until > nowMs ? `all moves back in ${left(until)}` : "all is to move back now"}`;
    }
    case "return":
      return `going back: ${doing.done} of ${doing.of} are as they were, for ${passed}`;
  }
}

/** One word for what it is at, which stays the same while time passes. */
export function doingWord(doing: Doing): string {
  const words = {
    begin: "to begin",
    move: "written, waiting until it is in place",
    hold: "in place, held",
    wait: "held: checks are inconclusive",
    return: "going back",
  };
  return words[doing.doing];
}

/** Where a shift stands, apart from the stage under way. */
export function describeShift({ attempt, status, stages }: ShiftProgress): string {
  const passed = stages.filter(({ state }) => state === "passed").length;
  const where = {
    moving: `${passed} of ${stages.length} steps done`,
    moved: `all ${stages.length} steps done, green serves`,
    returning: "on the way back to blue",
    returned: "was moved back to blue",
  };
  return `attempt ${attempt}: ${where[status]}`;
}

/** `(3s ago)`, or why there is nothing. */
export function ageOf({ at, trouble }: Look<unknown>, nowMs: number): string {
  const age = at === null ? "not seen yet" : `seen ${since(at, nowMs)} ago`;
  return trouble === null ? age : `${age}; can't be read now: ${trouble}`;
}
