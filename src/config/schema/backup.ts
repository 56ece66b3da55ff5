import { z } from "zod";
import { age, text, textLike, wait } from "./values.js";

/** Commands that can be made to ask for a backup that was restored. */
export const backedUp = ["cutover", "teardown"] as const;

const velero = z
  .strictObject({
    kubeconfig: text.optional().meta({
      description:
        "Path, relative to this file, of the kubeconfig with an identity in blue that can create backups and nothing else (clustershift permissions blue-backup). Default: as kubectl finds it.",
    }),
    context: textLike("Context in it; blue.context stays for reading only.", "blue-backup"),
    namespace: textLike("Namespace of Velero on blue.", "velero").default("velero"),
    spec: z
      .record(z.string(), z.unknown())
      .default({})
      .meta({
        description:
          "Fields of the Backup's spec, as Velero has them. Default: all namespaces, what they need of the cluster, and snapshots of their volumes.",
        examples: [{ storageLocation: "default", ttl: "2160h", snapshotMoveData: true }],
      }),
    timeout: wait.default("4h").meta({ description: "How long the command waits for Velero to end a backup." }),
  })
  .meta({
    description:
      "Lets `clustershift backup create` have blue's Velero make a backup. Without it nothing is created on blue.",
  });

export const backup = z
  .strictObject({
    require: z
      .array(z.enum(backedUp))
      .default(["teardown"])
      .meta({ description: "What may begin only once `clustershift backup verify` has passed for a backup of blue." }),
    velero: velero.optional(),
    maxAge: age.default("24h").meta({
      description:
        "How old that backup may be when traffic is moved, where cutover is required. Teardown takes any since the plan was made.",
    }),
  })
  .prefault({});
