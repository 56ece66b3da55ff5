import {
  DescribeClusterCommand,
  DescribePodIdentityAssociationCommand,
  type EKSClient,
  ListPodIdentityAssociationsCommand,
} from "@aws-sdk/client-eks";
import type { BlueFace } from "../../model/faces.js";
import type { Call } from "../call.js";
import { allPages } from "../pages.js";
import { awsErrorName } from "./attempt.js";

/** What EKS says of one of its clusters. */
export interface EksFace {
  name: string;
  vpcId?: string | undefined;
  /** The first is EKS's own. */
  groupIds: string[];
  roleArn?: string | undefined;
  /** Without `https://`. */
  issuer?: string | undefined;
}

export function createEks(client: EKSClient, call: Call) {
  return {
    /** Undefined where EKS has none of that name. */
    async cluster(name: string): Promise<EksFace | undefined> {
      try {
        const { cluster } = await call({ action: "DescribeCluster", resource: name }, () =>
          client.send(new DescribeClusterCommand({ name })),
        );
        const { clusterSecurityGroupId, securityGroupIds = [], vpcId } = cluster?.resourcesVpcConfig ?? {};
        return {
          name,
          vpcId,
          groupIds: [...(clusterSecurityGroupId ? [clusterSecurityGroupId] : []), ...securityGroupIds],
          roleArn: cluster?.roleArn,
          issuer: cluster?.identity?.oidc?.issuer?.replace(/^https:\/\//, ""),
        };
      } catch (error) {
        // A name that EKS wouldn't take, such as a domain of kops's, is no cluster of its either.
        if (["ResourceNotFoundException", "InvalidParameterException"].includes(awsErrorName(error) ?? "")) return;
        throw error;
      }
    },

    async podIdentities(clusterName: string): Promise<BlueFace["podIdentities"]> {
      const listed = await allPages(
        (nextToken) =>
          call({ action: "ListPodIdentityAssociations", resource: clusterName }, () =>
            client.send(new ListPodIdentityAssociationsCommand({ clusterName, nextToken })),
          ),
        ({ associations, nextToken }) => ({ items: associations, next: nextToken }),
      );
      const found: BlueFace["podIdentities"] = [];
      for (const { associationId = "", namespace = "", serviceAccount = "" } of listed) {
        const { association } = await call({ action: "DescribePodIdentityAssociation", resource: associationId }, () =>
          client.send(new DescribePodIdentityAssociationCommand({ clusterName, associationId })),
        );
        found.push({ namespace, serviceAccount, roleArn: association?.roleArn ?? "" });
      }
      return found;
    },
  };
}
