/** Everything that people are told of a run, in the order of its life. */
export const noticeKinds = [
  "announce",
  "reminder",
  "start",
  "step",
  "done",
  "aborted",
  "stopped",
  "rolled-back",
  "soak-over",
  "finished",
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** What `{…}` may stand for in a notice, and what it is. docs/notices.md has this table. */
export const placeholders = {
  environment: "What is migrated, as the configuration says.",
  run: "The run's id.",
  blue: "The old cluster's name and version.",
  green: "The new cluster's version.",
  now: "When it happened, with the time zone.",
  opens: "When the window opens, with the time zone.",
  closes: "When the window closes, with the time zone.",
  window: "Both.",
  affected: "Who may notice something: notify.affected, or who uses the targets that move.",
  effect: "What they may notice: notify.effect, or that nothing is expected.",
  contact: "Whom to ask: notify.contact.",
  shares: "Green's share after each step.",
  duration: "How long the move takes at most, by the plan.",
  wayBack: "How long the way back takes at most, by the plan.",
  soak: "How long the old cluster stays ready.",
  step: "Number of the step that is done, from 1.",
  stage: "What that step moved.",
  detail: "Why it was stopped, in the check's or the server's own words.",
} as const;
export type Placeholder = keyof typeof placeholders;

/** What each placeholder is in one notice; the last three are empty where no step is told of. */
export type Facts = Record<Placeholder, string>;

export interface NoticeTemplate {
  title: string;
  text: string;
}

const parts = /\{\{|\}\}|\{([^{}]*)\}/g;

/** The first `{…}` that stands for nothing, without its braces. */
export function unknownPlaceholder(template: string): string | undefined {
  const names = [...template.matchAll(parts)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  return names.find((name) => !Object.hasOwn(placeholders, name));
}

/** Puts the facts in; `{{` and `}}` are braces. A fact's own braces stay as they are. */
export function fillTemplate(template: string, facts: Facts): string {
  return template.replace(parts, (whole, name: string | undefined) =>
    name === undefined ? whole.slice(1) : Object.hasOwn(facts, name) ? facts[name as Placeholder] : whole,
  );
}
