import type { Properties } from "../../../model/stack-change.js";
import { type Found, placesAt, valueAt } from "../../paths.js";
import { anyOf, type Objection, type PolicyRule, ruleOf } from "../rule.js";

/** What websites are served by. Everything else has senders that can be named. */
const publicPorts = [80, 443];
const everyone = ["0.0.0.0/0", "::/0"];

export const openToTheWorld: PolicyRule = {
  id: "open-to-the-world",
  refuses: `A port other than ${publicPorts.join(" and ")} that a security group opens to the whole internet.`,
  check: anyOf(
    ruleOf("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", (inputs) =>
      opened(inputs, "", ["cidrIpv4", "cidrIpv6"]),
    ),
    ruleOf("aws:ec2/securityGroup:SecurityGroup", (inputs) =>
      placesAt(inputs, "ingress[*]").flatMap(({ path, value }) =>
        opened(value, path, ["cidrBlocks[*]", "ipv6CidrBlocks[*]"]),
      ),
    ),
    ruleOf("aws:ec2/securityGroupRule:SecurityGroupRule", (inputs) =>
      inputs.type === "ingress" ? opened(inputs, "", ["cidrBlocks[*]", "ipv6CidrBlocks[*]"]) : [],
    ),
    ruleOf("aws:eks/nodeGroup:NodeGroup", (inputs) => {
      const from = valueAt(inputs, "remoteAccess.sourceSecurityGroupIds");
      if (valueAt(inputs, "remoteAccess.ec2SshKey") === undefined || (Array.isArray(from) && from.length > 0))
        return [];
      return [
        {
          property: "remoteAccess",
          why: "AWS opens port 22 of each node to everyone where no group of senders is named",
          whatToDo: "Leave remoteAccess out, and use Session Manager; or name remoteAccess.sourceSecurityGroupIds.",
        },
      ];
    }),
  ),
};

function opened(rule: unknown, at: string, ranges: string[]): Objection[] {
  const { fromPort, toPort, ipProtocol, protocol } = rule as Properties;
  const everything = [ipProtocol, protocol].includes("-1");
  if (!everything && fromPort === toPort && publicPorts.includes(Number(fromPort))) return [];
  return ranges
    .flatMap((range) => placesAt(rule, range))
    .filter(({ value }: Found) => everyone.includes(String(value)))
    .map(({ path, value }) => ({
      property: at === "" ? path : `${at}.${path}`,
      why: `${everything ? "everything" : `${String(ipProtocol ?? protocol)} ${String(fromPort)}${fromPort === toPort ? "" : ` to ${String(toPort)}`}`} is open to ${String(value)}`,
      whatToDo: "Name the ranges that really send.",
    }));
}

const administrator = /:iam::aws:policy\/AdministratorAccess$/;

export const allPowerfulRole: PolicyRule = {
  id: "all-powerful-role",
  refuses: "A role that may do everything to everything: what runs with it owns the account.",
  check: anyOf(
    ruleOf("aws:iam/rolePolicyAttachment:RolePolicyAttachment", ({ policyArn }) =>
      administrator.test(String(policyArn))
        ? [{ property: "policyArn", why: `it is ${String(policyArn)}`, whatToDo: least }]
        : [],
    ),
    ruleOf("aws:iam/rolePolicy:RolePolicy", ({ policy }) => allPowerful(policy)),
    ruleOf("aws:iam/policy:Policy", ({ policy }) => allPowerful(policy)),
  ),
};

const least = "Name the actions and resources that are needed.";

function allPowerful(policy: unknown): Objection[] {
  const statements = statementsOf(policy);
  if (statements === undefined) return [];
  const all = statements.some(
    ({ Effect, Action, Resource }) =>
      Effect === "Allow" && [Action].flat().includes("*") && [Resource].flat().includes("*"),
  );
  return all ? [{ property: "policy", why: "a statement allows every action on every resource", whatToDo: least }] : [];
}

/** Undefined where it is no JSON: what is only known once something else is made names that, and is written by the stack. */
function statementsOf(policy: unknown): Properties[] | undefined {
  try {
    const document: unknown = typeof policy === "string" ? JSON.parse(policy) : policy;
    return [valueAt(document, "Statement") ?? []].flat() as Properties[];
  } catch {
    return undefined;
  }
}
