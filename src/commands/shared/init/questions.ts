import type { Shape } from "../../../model/shape.js";
import type { Context } from "../command.js";

/** What no cluster and no file says. Each is an option too; without either it stays open. */
export interface Answers {
  region?: string | undefined;
  /** ARN of who administers green. */
  admin?: string | undefined;
  /** Blue's group that receives syslog, and from where. */
  syslog?: { group: string; allowFrom: string[] } | undefined;
}

export interface Given {
  region?: string | undefined;
  admin?: string | undefined;
  syslogGroup?: string | undefined;
  syslogFrom: string[];
}

/** Other clouds' are written otherwise: `europe-west1`. */
const awsRegion = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Asks on a terminal for what the options don't say; an empty answer leaves it open. */
export async function answersFor(
  blue: Shape,
  given: Given,
  addressGroups: readonly string[],
  { edges }: Context,
): Promise<Answers> {
  const ask = async (question: string): Promise<string | undefined> =>
    (await edges.ask?.(`${question}\n  (empty: leave it open) `))?.trim() || undefined;
  const seen = blue.region && awsRegion.test(blue.region) ? blue.region : undefined;
  const region = given.region ?? seen ?? (await ask("In which AWS region shall green stand?"));
  const admin = given.admin ?? (await ask("Who administers green? The ARN of an IAM role or user:"));
  const group = given.syslogGroup ?? syslogGroupOf(blue, addressGroups);
  if (group === undefined) return { region, admin };
  const asked =
    given.syslogFrom.length > 0
      ? given.syslogFrom
      : ((await ask(`Who may send to ${group} on port 514? IPv4 ranges, separated by blanks:`))?.split(/[\s,]+/) ?? []);
  return { region, admin, syslog: { group, allowFrom: asked } };
}

/** The group that is called so, where it may be: one without addresses among others that have some receives nothing. */
function syslogGroupOf({ groups }: Shape, addressGroups: readonly string[]): string | undefined {
  const named = groups.find(({ name }) => /(^|[.-])syslog($|[.-])/.test(name));
  return named && (addressGroups.length === 0 || addressGroups.includes(named.name)) ? named.name : undefined;
}
