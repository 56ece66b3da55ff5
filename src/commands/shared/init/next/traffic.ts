import type { Config } from "../../../../config/schema.js";
import type { Pair } from "./pair.js";
import { type Path, type Revision, shown } from "./revision.js";

/** No output of a stack is called so: what names it refuses to move until somebody has said where to. */
const toBeNamed = "to-be-named";

/** What names green by its answer was the old green's; the rest says what moves, and that is the same again. */
export function reviseTraffic(revision: Revision, { traffic }: Config, pair: Pair): void {
  const answers = new Answers(revision, pair);
  for (const [zone, { records }] of traffic.route53.entries()) {
    for (const [index, { name, type, green, healthCheck }] of records.entries()) {
      const at: Path = ["traffic", "route53", zone, "records", index];
      if ("values" in green) answers.open([...at, "green"], `${name} ${type}`, green.values.join(", "));
      if ("alias" in green && green.alias.name !== undefined) {
        revision.drop([...at, "green", "alias", "name"]);
        answers.open([...at, "green", "alias"], `${name} ${type}`, green.alias.name, ["address"]);
      }
      if (healthCheck !== undefined)
        revision.takeOut(
          [...at, "healthCheck"],
          `${healthCheck} looks at ${pair.blue.name}, not at ${pair.green.name}.`,
        );
    }
  }
  for (const [index, { green, listener }] of traffic.loadBalancers.entries()) {
    const which = typeof listener === "string" ? listener : `${listener.loadBalancer}:${listener.port}`;
    if ("targetGroup" in green) answers.open(["traffic", "loadBalancers", index, "green"], which, green.targetGroup);
  }
  reviseLeftover(revision, traffic.leftover.sources, pair);
  if (traffic.manual.length > 0)
    revision.account.unknown.push(
      `What people move by hand (traffic.manual: ${traffic.manual.map(({ name }) => name).join(", ")}) was written for the way from ${pair.gone.name} to ${pair.blue.name}: read it.`,
    );
}

class Answers {
  readonly #revision: Revision;
  readonly #pair: Pair;

  constructor(revision: Revision, pair: Pair) {
    this.#revision = revision;
    this.#pair = pair;
  }

  /** An answer that is written out is blue's by now: kept, it would move nothing, and the next teardown would take it away. */
  open(at: Path, what: string, was: string, key?: readonly ["address"]): void {
    const { account } = this.#revision;
    if (key) this.#revision.set([...at, ...key], toBeNamed);
    else this.#revision.set(at, { address: toBeNamed });
    account.unknown.push(
      `Where ${what} will lead: ${shown(at)} said ${was}, which is ${this.#pair.blue.name}'s. It is ${toBeNamed} now, and refuses to move until you name ${this.#pair.green.name}'s.`,
    );
  }
}

/** They look at a blue that is gone. No data of it must never be taken for quiet. */
function reviseLeftover(
  revision: Revision,
  sources: Config["traffic"]["leftover"]["sources"],
  { gone, blue }: Pair,
): void {
  for (const [index, source] of sources.entries()) {
    if (!("none" in source) || source.none !== "quiet") continue;
    revision.takeOut(
      ["traffic", "leftover", "sources", index, "none"],
      `of ${gone.name} there is no data any more, and that is not quiet.`,
    );
  }
  if (sources.length === 0) return;
  revision.account.unknown.push(
    `Who talks to ${blue.name}: traffic.leftover.sources (${sources.map(({ name }) => name).join(", ")}) were written for ${gone.name}. teardown refuses until they look at ${blue.name}.`,
  );
}
