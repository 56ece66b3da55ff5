import type { Seen } from "../../../src/sandbox/aws/front.js";
import type { AwsRequest } from "../../../src/sandbox/aws/identify.js";
import type { World } from "../engine/world.js";

/** When a run is killed: at a request of a kind, before AWS has seen it or right when it has done it. */
export interface Moment {
  name: string;
  /** `service action` or, where the service has no name for it, `service METHOD path`. */
  at: RegExp;
  when: "before" | "after";
  /** Everybody, or clustershift alone: then its engine is left. */
  whom: "group" | "parent";
}

/** The first of them that is met kills a run: which one depends on what the engine does at the same time. */
export const moments: readonly Moment[] = [
  { name: "before a role", at: /^iam CreateRole$/, when: "before", whom: "group" },
  { name: "after a log group", at: /^logs CreateLogGroup$/, when: "after", whom: "group" },
  { name: "after a security group", at: /^ec2 CreateSecurityGroup$/, when: "after", whom: "group" },
  { name: "after the control plane", at: /^eks POST \/clusters$/, when: "after", whom: "parent" },
  { name: "after a rule", at: /^ec2 AuthorizeSecurityGroupIngress$/, when: "after", whom: "group" },
  { name: "after a launch template", at: /^ec2 CreateLaunchTemplate$/, when: "after", whom: "group" },
  { name: "after an association", at: /^eks POST .*\/pod-identity-associations$/, when: "after", whom: "group" },
  { name: "after the issuer", at: /^iam CreateOpenIDConnectProvider$/, when: "after", whom: "parent" },
  { name: "before a policy", at: /^iam PutRolePolicy$/, when: "before", whom: "group" },
  { name: "after an access entry", at: /^eks POST .*\/access-entries$/, when: "after", whom: "group" },
  { name: "before an add-on", at: /^eks POST .*\/addons$/, when: "before", whom: "parent" },
  { name: "after a node group", at: /^eks POST .*\/node-groups$/, when: "after", whom: "group" },
  { name: "after a role", at: /^iam CreateRole$/, when: "after", whom: "group" },
  { name: "after an add-on", at: /^eks POST .*\/addons$/, when: "after", whom: "group" },
];

/** Somebody who waits for a moment. */
export interface Ambush {
  /** The moment that came, and undefined while none did. */
  met(): Moment | undefined;
  /** Waits no longer. */
  leave(): void;
}

/** Kills at the first request that is one of these moments. `kill` is called once, before anybody is answered. */
export function layAmbush(world: World, waiting: readonly Moment[], kill: (whom: Moment["whom"]) => void): Ambush {
  let met: Moment | undefined;
  const at = (request: AwsRequest, when: Moment["when"]) =>
    waiting.find((moment) => moment.when === when && moment.at.test(wordsOf(request)));
  const strike = (moment: Moment) => {
    met = moment;
    kill(moment.whom);
  };
  const before = (request: AwsRequest) => {
    const moment = met ? undefined : at(request, "before");
    if (!moment) return undefined;
    strike(moment);
    return moment.whom === "group" ? ({ kind: "cut", when: "before" } as const) : undefined;
  };
  const after = ({ request, ending }: Seen) => {
    const moment = met || ending !== "done" ? undefined : at(request, "after");
    if (moment) strike(moment);
  };
  world.front.faults.push(before);
  world.front.observers.push(after);
  return {
    met: () => met,
    leave() {
      world.front.faults.splice(world.front.faults.indexOf(before), 1);
      world.front.observers.splice(world.front.observers.indexOf(after), 1);
    },
  };
}

function wordsOf({ service, action, method, path }: AwsRequest): string {
  return action === method ? `${service} ${method} ${path}` : `${service} ${action}`;
}
