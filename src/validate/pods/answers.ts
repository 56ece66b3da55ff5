import type { KubeObject } from "../../model/objects.js";
import { inconclusive, type Outcome, unless } from "../check.js";

/** What the caller of one zone wrote as its last words; undefined where it said nothing. */
export interface Answer {
  zone: string;
  message: string | undefined;
}

/** The termination message of a pod that has ended. */
export function messageOfPod({ status }: KubeObject): string | undefined {
  const { containerStatuses = [] } = (status ?? {}) as {
    containerStatuses?: { state?: { terminated?: { message?: string } } }[];
  };
  const message = containerStatuses[0]?.state?.terminated?.message;
  return message === undefined || message === "" ? undefined : message;
}

/** What a line of the script's report begins with, in people's words. */
const tries: Record<string, string> = { name: "resolves no name", api: "doesn't reach the API" };

/** What all callers say together. One that ended without a word proves nothing: where pods don't really run, they end so. */
export function judgeAnswers(answers: readonly Answer[]): Outcome {
  const silent = answers.filter(({ message }) => message === undefined).map(({ zone }) => zone);
  const problems = answers.flatMap(({ zone, message }) => {
    if (message === undefined) return [];
    const lines = message
      .trim()
      .split("\n")
      .map((line) => line.split("\t"));
    const expected = 2 + answers.length - 1;
    const cut = lines.length < expected ? [`the pod in ${zone} told of ${lines.length} of ${expected} things`] : [];
    const bad = lines
      .filter(([, result]) => result !== "ok")
      .map(
        ([what = "", result = ""]) =>
          `a pod in ${zone} ${tries[what] ?? `doesn't reach the pod in ${what}`}: ${result}`,
      );
    return [...bad, ...cut];
  });
  if (problems.length === 0 && silent.length > 0)
    return inconclusive(
      `The pod in ${silent.join(", ")} ended without a word: whether anything ran there isn't known.`,
    );
  const alone = answers.length === 1 ? "; there is no other zone to reach" : " and the pods of all other zones";
  return unless(
    problems,
    `from ${answers.map(({ zone }) => zone).join(", ")} a pod resolves names and reaches the API${alone}`,
  );
}
