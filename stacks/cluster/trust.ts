/** Who may take a role on: statements of trust policies. */

const services = { eks: "eks.amazonaws.com", ec2: "ec2.amazonaws.com" };

/** A service account of one cluster. */
export interface ServiceAccount {
  clusterName: string;
  namespace: string;
  serviceAccount: string;
}

export function serviceTrust(service: keyof typeof services): object {
  return { Effect: "Allow", Principal: { Service: services[service] }, Action: ["sts:AssumeRole"] };
}

/** By EKS Pod Identity, which tags the session with where the pod runs: no other association can use the role. */
export function podTrust({ clusterName, namespace, serviceAccount }: ServiceAccount): object {
  return {
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: {
      StringEquals: {
        "aws:RequestTag/eks-cluster-name": clusterName,
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": serviceAccount,
      },
    },
  };
}

/** By IRSA: a token that the cluster's own issuer signed for the service account. */
export function issuerTrust(
  issuer: { providerArn: string; url: string },
  { namespace, serviceAccount }: ServiceAccount,
): object {
  const host = issuer.url.replace(/^https:\/\//, "");
  return {
    Effect: "Allow",
    Principal: { Federated: issuer.providerArn },
    Action: ["sts:AssumeRoleWithWebIdentity"],
    Condition: {
      StringEquals: {
        [`${host}:aud`]: "sts.amazonaws.com",
        [`${host}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
      },
    },
  };
}
