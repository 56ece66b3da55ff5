import type { Assessor } from "../../assessment.js";
import { surrounding } from "./words.js";

/** What couldn't be looked at is a warning: nothing says that it is in order. */
export const facesUnread: Assessor = ({ faces }) =>
  (faces?.unread ?? []).map(({ what, why }) =>
    surrounding("surroundings-unread", "warning", {
      why: `These couldn't be looked at: ${what}. ${why}`,
      whatToDo:
        "Give these credentials the policy that `clustershift permissions aws plan` prints, and plan again; or look by yourself.",
    }),
  );

/** Blue's nodes stand nowhere in this account and region, as far as can be seen. */
export const blueUnseen: Assessor = ({ faces }) =>
  faces && !faces.blue.vpcId
    ? [
        surrounding("blue-unseen", "warning", {
          why: `No instance and no EKS cluster of ${faces.blue.name} is seen in account ${faces.account}, ${faces.region}: what lets it in couldn't be looked at.`,
          whatToDo:
            "Check aws.region and the credentials' account. Instances are found by the providerID of blue's nodes, and by the tag kubernetes.io/cluster/NAME.",
        }),
      ]
    : [];

/** Without green's network nothing can be said of what is open to it. */
export const greenNetworkUnknown: Assessor = ({ faces }) =>
  faces?.green.network === "unknown"
    ? [
        surrounding("green-network-unknown", "warning", {
          why: "Where green's nodes will stand isn't known: its foundation's settings aren't beside clustershift.yaml, and its network wasn't found.",
          whatToDo:
            "Put the foundation's Pulumi.<stack>.yaml beside clustershift.yaml, as init does, and plan again. Until then all that lets blue in is told.",
        }),
      ]
    : [];

/** What has no reader here. */
export const notLookedAt: Assessor = ({ faces }) =>
  faces
    ? [
        surrounding("surroundings-not-looked-at", "note", {
          why: "Policies of SQS queues, SNS topics, ECR repositories, secrets, functions and other services, grants of keys, IPv6 ranges, and what stands in other accounts and regions weren't looked at: they may name blue too.",
          whatToDo: "Ask the teams that share them with blue. docs/surroundings.md lists what is looked at.",
        }),
      ]
    : [];
