import type { RolePolicies } from "../../../aws/faces/open-faces.js";
import { nameFor } from "../../../mirror/draft-group.js";
import type { GivenToGreen } from "../../../mirror/draft-stacks.js";
import { messageOf } from "../../../model/errors.js";
import type { Faces } from "../../../model/faces.js";
import { accountOf } from "../../../plan/surroundings/accounts.js";
import { joinable, lacksOf } from "../../../plan/surroundings/admissions.js";

export interface Gifts {
  given: GivenToGreen;
  /** What is given and why, in whole sentences. */
  chosen: string[];
  /** What is left to people. */
  unknown: string[];
}

/** As many as a node's interface has room for beside the cluster's own. */
const mostJoined = 3;

/** Of an identity's name in the stack's settings. */
const longestName = 31;

/** What of blue's surroundings green's stack can give it without touching what is others': rules of their own, roles of its own. */
export async function giftsFor(
  faces: Faces,
  policiesOf: (roleName: string) => Promise<RolePolicies>,
  reserved: readonly string[],
): Promise<Gifts> {
  // Behind a group that nobody carries stands nothing that green could need.
  const lacks = lacksOf(faces).filter(({ admission, door }) => admission && door.users.length > 0);
  const joined = joinable(faces);
  const { identities, unknown } = await identitiesFor(faces, policiesOf, reserved);
  const doors = [...new Set(lacks.map(({ door }) => `${door.name || door.id} (${door.users.slice(0, 3).join(", ")})`))];
  return {
    given: {
      admittedBy: lacks.flatMap(({ admission }) => (admission ? [admission] : [])),
      nodeSecurityGroupIds: joined.slice(0, mostJoined).map(({ id }) => id),
      identities,
    },
    chosen: [
      ...doors.map((door) => `Green is let in by ${door}, as blue is: its stack adds a rule of its own there.`),
      ...joined
        .slice(0, mostJoined)
        .map(({ id, name }) => `Green's nodes carry ${name} (${id}), as blue's do: it isn't blue's own.`),
      ...identities.map(
        ({ name, namespace, serviceAccount }) =>
          `${namespace}/${serviceAccount} gets the role ${name} of green's own, with the policies that its role on blue has.`,
      ),
    ],
    unknown: [
      ...unknown,
      ...joined
        .slice(mostJoined)
        .map(({ id, name }) => `Whether green's nodes need ${name} (${id}) too: a node has room for no more groups.`),
      ...faces.unread.map(({ what, why }) => `What lets blue in, as to ${what}: ${why}`),
      "What else knows blue (policies that name its roles, routes, partners' allow-lists): clustershift plan tells.",
    ],
  };
}

async function identitiesFor(
  faces: Faces,
  policiesOf: (roleName: string) => Promise<RolePolicies>,
  reserved: readonly string[],
): Promise<Pick<GivenToGreen, "identities"> & Pick<Gifts, "unknown">> {
  const identities: GivenToGreen["identities"] = [];
  const unknown: string[] = [];
  const has = (namespace: string, serviceAccount: string) =>
    [...faces.green.identities, ...identities].some(
      (each) => each.namespace === namespace && each.serviceAccount === serviceAccount,
    );
  for (const { role, namespace, serviceAccount } of accountsOnBlue(faces)) {
    if (has(namespace, serviceAccount)) continue;
    try {
      const policies = await policiesOf(role);
      if (policies.policyArns.length + Object.keys(policies.policies).length === 0) continue;
      const taken = [...reserved, ...identities.map(({ name }) => name)];
      const name = nameFor(`${namespace}-${serviceAccount}`, taken, longestName);
      identities.push({ name, namespace, serviceAccount, ...policies });
    } catch (error) {
      unknown.push(`What the role ${role} of ${namespace}/${serviceAccount} may do: ${messageOf(error)}`);
    }
  }
  return { identities, unknown };
}

/** Service accounts that have a role on blue, one by one. */
function accountsOnBlue({ roles, blue }: Faces) {
  const byIssuer = roles
    .filter(({ trustsGreen }) => !trustsGreen)
    .flatMap(({ name, subjects }) => subjects.flatMap((subject) => ({ role: name, ...accountOf(subject) })))
    .flatMap(({ role, namespace, serviceAccount }) =>
      namespace && serviceAccount ? [{ role, namespace, serviceAccount }] : [],
    );
  const byAssociation = blue.podIdentities.map(({ roleArn, namespace, serviceAccount }) => {
    return { role: roleArn.split("/").at(-1) ?? "", namespace, serviceAccount };
  });
  return [...byIssuer, ...byAssociation];
}
