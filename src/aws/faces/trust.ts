import {
  GetInstanceProfileCommand,
  GetOpenIDConnectProviderCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListOpenIDConnectProvidersCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  type Role,
} from "@aws-sdk/client-iam";
import type { TrustingRole } from "../../model/faces.js";
import type { Call } from "../call.js";
import { allPages } from "../pages.js";
import { documentOf, type Statement, statementsOf, valuesOf } from "./policy-document.js";

/** What a role may do: policies of IAM's that it has, and its own by name. */
export interface RolePolicies {
  policyArns: string[];
  policies: Record<string, unknown>;
}

/** What of IAM trusts a cluster. */
export type Trust = ReturnType<typeof createTrust>;

export function createTrust(client: IAMClient, call: Call) {
  return {
    /** ARNs of the roles that instances have by their profiles. */
    async profileRoles(profileArns: readonly string[]): Promise<string[]> {
      const found: string[] = [];
      for (const arn of new Set(profileArns)) {
        const InstanceProfileName = arn.split("/").at(-1) ?? "";
        const { InstanceProfile } = await call({ action: "GetInstanceProfile", resource: InstanceProfileName }, () =>
          client.send(new GetInstanceProfileCommand({ InstanceProfileName })),
        );
        found.push(...(InstanceProfile?.Roles ?? []).flatMap(({ Arn }) => Arn ?? []));
      }
      return [...new Set(found)];
    },

    /** Issuers that carry a cluster's tags, as kops and eksctl leave them. */
    async taggedIssuers(cluster: string): Promise<string[]> {
      const { OpenIDConnectProviderList = [] } = await call(
        { action: "ListOpenIDConnectProviders", resource: "the account" },
        () => client.send(new ListOpenIDConnectProvidersCommand({})),
      );
      const found: string[] = [];
      // An account has 100 at most.
      for (const { Arn: OpenIDConnectProviderArn = "" } of OpenIDConnectProviderList) {
        const { Tags = [] } = await call(
          { action: "GetOpenIDConnectProvider", resource: OpenIDConnectProviderArn },
          () => client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })),
        );
        const tagged = Tags.some(
          ({ Key, Value }) =>
            (["KubernetesCluster", "alpha.eksctl.io/cluster-name"].includes(Key ?? "") && Value === cluster) ||
            (Key === `kubernetes.io/cluster/${cluster}` && Value === "owned"),
        );
        if (tagged) found.push(issuerOf(OpenIDConnectProviderArn));
      }
      return found;
    },

    async policiesOf(RoleName: string): Promise<RolePolicies> {
      const attached = await allPages(
        (Marker) =>
          call({ action: "ListAttachedRolePolicies", resource: RoleName }, () =>
            client.send(new ListAttachedRolePoliciesCommand({ RoleName, Marker })),
          ),
        ({ AttachedPolicies, IsTruncated, Marker }) => ({
          items: AttachedPolicies,
          next: IsTruncated ? Marker : undefined,
        }),
      );
      const names = await allPages(
        (Marker) =>
          call({ action: "ListRolePolicies", resource: RoleName }, () =>
            client.send(new ListRolePoliciesCommand({ RoleName, Marker })),
          ),
        ({ PolicyNames, IsTruncated, Marker }) => ({ items: PolicyNames, next: IsTruncated ? Marker : undefined }),
      );
      const policies: RolePolicies["policies"] = {};
      for (const PolicyName of names) {
        const { PolicyDocument } = await call(
          { action: "GetRolePolicy", resource: `${PolicyName} of ${RoleName}` },
          () => client.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
        );
        policies[PolicyName] = documentOf(PolicyDocument);
      }
      return { policyArns: attached.flatMap(({ PolicyArn }) => PolicyArn ?? []), policies };
    },

    roles: (): Promise<Role[]> =>
      allPages(
        (Marker) =>
          call({ action: "ListRoles", resource: "the account" }, () =>
            client.send(new ListRolesCommand({ Marker, MaxItems: 1000 })),
          ),
        ({ Roles, IsTruncated, Marker }) => ({ items: Roles, next: IsTruncated ? Marker : undefined }),
      ),
  };
}

function issuerOf(providerArn: string): string {
  return providerArn.replace(/^.*:oidc-provider\//, "");
}

/** Who is trusted, and who will be. */
export interface Trusted {
  issuers: readonly string[];
  roleArns: readonly string[];
  green: { name: string; issuer?: string | undefined };
}

/** What a role's trust says of blue; nothing where it says nothing. */
export function trustOf(
  { Arn: arn = "", RoleName: name = "", AssumeRolePolicyDocument }: Role,
  { issuers, roleArns, green }: Trusted,
): TrustingRole[] {
  const allows = statementsOf(AssumeRolePolicyDocument).filter(({ effect }) => effect === "Allow");
  const federated = allows.map((statement) => ({
    statement,
    issuers: (statement.principals.Federated ?? []).map(issuerOf),
  }));
  const bySubject = federated.filter((each) => each.issuers.some((issuer) => issuers.includes(issuer)));
  const [issuer] = bySubject.flatMap((each) => each.issuers.filter((one) => issuers.includes(one)));
  const nodeRoles = roleArns.filter((role) => allows.some(({ principals }) => principals.AWS?.includes(role)));
  if (issuer === undefined && nodeRoles.length === 0) return [];
  const subjects = bySubject.flatMap((each) => each.issuers.flatMap((one) => valuesOf(each.statement, `${one}:sub`)));
  return [
    {
      ...{ arn, name, nodeRoles },
      subjects: [...new Set(subjects)].sort(),
      ...(issuer !== undefined && { issuer }),
      trustsGreen:
        federated.some((each) => green.issuer !== undefined && each.issuers.includes(green.issuer)) ||
        allows.some((statement) => trustsCluster(statement, green.name)),
    },
  ];
}

function trustsCluster(statement: Statement, cluster: string): boolean {
  return (
    statement.principals.Service?.includes("pods.eks.amazonaws.com") === true &&
    valuesOf(statement, "aws:RequestTag/eks-cluster-name").includes(cluster)
  );
}
