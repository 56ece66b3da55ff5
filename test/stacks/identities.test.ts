import { beforeAll, describe, expect, it, vi } from "vitest";
import { clusterProgram } from "../../stacks/program.js";
import { parseClusterSettings } from "../../stacks/settings/cluster-settings.js";
import { type MockRun, runWithMocks } from "./mocks.js";
import { foundationOutputs, rawCluster } from "./settings-fixtures.js";

// Loading Pulumi and AWS takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const run = (change: object = {}) => runWithMocks(clusterProgram(parseClusterSettings(rawCluster(change))));
const mailPolicy = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "ses:SendEmail", Resource: "*" } };

interface Statement {
  Action: string[];
  Resource: string | string[];
  Principal?: object;
  Condition?: Record<string, Record<string, string>>;
}

describe("identities", () => {
  let made: MockRun;
  beforeAll(async () => {
    made = await run({
      controllers: { velero: {}, "load-balancer-controller": {}, "external-dns": { namespace: "dns" } },
      identities: [
        {
          name: "shop-orders",
          namespace: "shop",
          serviceAccount: "orders",
          policyArns: ["arn:aws:iam::123456789012:policy/orders-queue"],
        },
        { name: "old-mailer", namespace: "mail", serviceAccount: "mailer", by: "irsa", policies: { mail: mailPolicy } },
      ],
    });
  });

  const trustOf = (name: string): Statement => {
    const { Statement } = JSON.parse(String(made.one(":Role", name).inputs.assumeRolePolicy));
    return Statement[0];
  };
  const policyOf = (name: string): Statement[] =>
    JSON.parse(String(made.one(":RolePolicy", name).inputs.policy)).Statement;

  it("are associated with their service accounts, save those that go by IRSA", () => {
    const told = made
      .ofType(":PodIdentityAssociation")
      .map(({ inputs }) => [inputs.namespace, inputs.serviceAccount, inputs.roleArn]);
    const roleOf = (name: string) => `arn:aws:mock::123456789012:Role/prod-1-35-${name}`;
    expect(told.sort()).toEqual([
      ["dns", "external-dns", roleOf("external-dns")],
      ["kube-system", "aws-load-balancer-controller", roleOf("load-balancer-controller")],
      ["shop", "orders", roleOf("shop-orders")],
      ["velero", "velero", roleOf("velero")],
    ]);
  });

  it("trust one service account of this cluster, by Pod Identity", () => {
    expect(trustOf("prod-1-35-shop-orders")).toEqual({
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Condition: {
        StringEquals: {
          "aws:RequestTag/eks-cluster-name": "prod-1-35",
          "aws:RequestTag/kubernetes-namespace": "shop",
          "aws:RequestTag/kubernetes-service-account": "orders",
        },
      },
    });
  });

  it("trust the cluster's own issuer, by IRSA", () => {
    expect(made.one(":OpenIdConnectProvider").inputs).toEqual({
      url: "https://oidc.eks.example/id/prod-1-35",
      clientIdLists: ["sts.amazonaws.com"],
    });
    expect(trustOf("prod-1-35-old-mailer")).toMatchObject({
      Principal: { Federated: "arn:aws:mock::123456789012:OpenIdConnectProvider/prod-1-35" },
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: {
        StringEquals: {
          "oidc.eks.example/id/prod-1-35:aud": "sts.amazonaws.com",
          "oidc.eks.example/id/prod-1-35:sub": "system:serviceaccount:mail:mailer",
        },
      },
    });
  });

  it("may do what blue's could: policies attached, and of their own", () => {
    expect(made.one(":RolePolicyAttachment", "prod-1-35-shop-orders-orders-queue").inputs).toMatchObject({
      policyArn: "arn:aws:iam::123456789012:policy/orders-queue",
    });
    expect(policyOf("prod-1-35-old-mailer-mail")).toEqual([mailPolicy.Statement]);
  });

  it("of Velero reach the foundation's bucket and key, and no other", () => {
    const resources = policyOf("prod-1-35-velero-velero").map(({ Resource }) => Resource);
    const { keyArn } = foundationOutputs;
    const bucket = "arn:aws:s3:::prod-backups";
    expect(resources).toEqual([`${bucket}/*`, bucket, "*", keyArn, keyArn, keyArn]);
  });

  it("of external-dns change the foundation's zones alone", () => {
    const [change, read] = policyOf("prod-1-35-external-dns-external-dns");
    expect(change).toMatchObject({
      Action: ["route53:ChangeResourceRecordSets"],
      Resource: ["arn:aws:route53:::hostedzone/Z1"],
    });
    expect(read?.Action.filter((action) => !action.startsWith("route53:List"))).toEqual([]);
  });

  it("of the load-balancer controller delete nothing that isn't this cluster's", () => {
    const statements = policyOf("prod-1-35-load-balancer-controller-load-balancer-controller");
    const deleting = statements.filter(({ Action }) =>
      Action.some((action) => /Delete(LoadBalancer|TargetGroup|SecurityGroup)$/.test(action)),
    );
    expect(deleting).toHaveLength(2);
    for (const { Condition } of deleting)
      expect(Condition?.StringEquals).toEqual({ "aws:ResourceTag/elbv2.k8s.aws/cluster": "prod-1-35" });
  });

  it("are told by name", () => {
    const { roleArns } = made.outputs as { roleArns: Record<string, string> };
    expect(Object.keys(roleArns).sort()).toEqual(
      ["external-dns", "load-balancer-controller", "old-mailer", "shop-orders", "velero"].sort(),
    );
  });
});

describe("without any", () => {
  it("no role of a workload and no issuer is made", async () => {
    const made = await run();
    expect([...made.ofType(":PodIdentityAssociation"), ...made.ofType(":OpenIdConnectProvider")]).toEqual([]);
  });
});

describe("network policy", () => {
  it.each([
    { networkPolicy: "vpc-cni", configuration: { enableNetworkPolicy: "true" } },
    { networkPolicy: "calico", configuration: { enableNetworkPolicy: "false", env: { ANNOTATE_POD_IP: "true" } } },
    { networkPolicy: "none", configuration: { enableNetworkPolicy: "false" } },
  ])("is $networkPolicy's affair where asked", async ({ networkPolicy, configuration }) => {
    const made = await run({ networkPolicy });
    expect(JSON.parse(String(made.one(":Addon", "prod-1-35-vpc-cni").inputs.configurationValues))).toEqual(
      configuration,
    );
  });
});
