import { type Asked, askOften, nameServer, ownNameServer, zonesNameServer } from "../../../host/name-servers.js";
import type { Answer } from "../../../model/traffic.js";
import type { NameAnswers } from "../../../model/watch.js";
import type { RecordedTarget } from "../../../traffic/targets/index.js";
import { type NameColours, nameColours } from "../../../traffic/targets/route53/portions.js";

/** So many names are asked for at most: it is a look, and no load. */
const mostNames = 8;

/** Asks for the names of the targets, and counts which colour's answers come. The server is looked up once for each name. */
export function answersAsker(server: string | undefined, queries: number) {
  const servers = new Map<string, Promise<Asked>>();
  const serverOf = (name: string): Promise<Asked> => {
    const known = servers.get(name) ?? findServer(name, server);
    servers.set(name, known);
    return known;
  };
  return async (targets: readonly RecordedTarget[]): Promise<NameAnswers[]> => {
    const names = targets.flatMap((target) => (target.kind === "route53" ? nameColours(target) : []));
    return Promise.all(names.slice(0, mostNames).map(async (name) => count(name, await serverOf(name.name), queries)));
  };
}

async function findServer(name: string, given: string | undefined): Promise<Asked> {
  if (given !== undefined) return nameServer(given);
  return (await zonesNameServer(name).catch(() => undefined)) ?? ownNameServer();
}

async function count({ name, type, ...colours }: NameColours, asked: Asked, queries: number): Promise<NameAnswers> {
  const [{ answers, failed }, blue, green] = await Promise.all([
    askOften(asked, name, type, queries),
    valuesOf(colours.blue, type, asked),
    valuesOf(colours.green, type, asked),
  ]);
  const counted = { what: `${name} ${type}`, asked: asked.server, blue: 0, green: 0, other: 0, failed };
  for (const answer of answers) {
    const is = (values: ReadonlySet<string>) => answer.length > 0 && answer.every((value) => values.has(bare(value)));
    counted[is(green) ? "green" : is(blue) ? "blue" : "other"] += 1;
  }
  return counted;
}

/** Everything that a colour may answer with. An alias answers with what its own name has, which changes by itself. */
async function valuesOf(answers: readonly Answer[], type: string, asked: Asked): Promise<Set<string>> {
  const values = new Set<string>();
  for (const answer of answers) {
    if ("length" in answer) {
      for (const value of answer) values.add(bare(value));
      continue;
    }
    for (const server of [asked, ownNameServer()]) {
      const found = await askOften(server, answer.DNSName, type, 1);
      for (const value of found.answers.flat()) values.add(bare(value));
    }
  }
  return values;
}

/** Names of the DNS are equal in any case, and with or without the final dot. */
function bare(value: string): string {
  return value.toLowerCase().replace(/\.$/, "");
}
