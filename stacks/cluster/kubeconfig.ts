import { stringify } from "yaml";

export interface KubeconfigArgs {
  clusterName: string;
  region: string;
  /** `https://…` */
  endpoint: string;
  /** The cluster's certificate authority, base64 of PEM. */
  certificate: string;
}

/** A kubeconfig without secrets: credentials come from the AWS CLI each time, with whatever identity runs it. */
export function kubeconfig({ clusterName, region, endpoint, certificate }: KubeconfigArgs): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": clusterName,
    clusters: [{ name: clusterName, cluster: { server: endpoint, "certificate-authority-data": certificate } }],
    contexts: [{ name: clusterName, context: { cluster: clusterName, user: clusterName } }],
    users: [
      {
        name: clusterName,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["eks", "get-token", "--cluster-name", clusterName, "--region", region, "--output", "json"],
            interactiveMode: "Never",
            installHint: "Install the AWS CLI, version 2: https://docs.aws.amazon.com/cli/",
          },
        },
      },
    ],
  });
}
