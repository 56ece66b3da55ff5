import { z } from "zod";
import { volumeStrategies } from "../../model/volumes.js";
import { unique } from "../rules.js";
import { program } from "./analysis.js";
import { text, textLike, wait } from "./values.js";

const zone = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d+[a-z0-9-]*[a-z]$/, 'is no availability zone: write for example "eu-central-1a"');

const strategy = z.enum(volumeStrategies).meta({
  description:
    "copy: snapshots, the last once blue's is stopped, and a new volume of it; hand-over: the same volume, once blue has let go of it; velero: Velero restores it; shared: the same file system on both; fresh: new and empty; leave: nothing is done.",
});

const select = z
  .strictObject({
    namespace: text.optional().meta({ description: "Namespace of the claims; * stands for any characters." }),
    name: text.optional().meta({ description: "Name of the claims; * stands for any characters." }),
    labels: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: "Labels with the values that they must have; * stands for any characters." }),
    storageClass: text.optional().meta({ description: "Their storage class; * stands for any characters." }),
  })
  .refine(
    (select) => Object.values(select).some((part) => part !== undefined),
    "would select every claim: say which by namespace, name, labels or storageClass, or set volumes.default",
  )
  .meta({ description: "Which PersistentVolumeClaims: everything that is named must hold." });

const rule = z.strictObject({
  name: textLike("The rule's name: the plan shows it.", "databases"),
  reason: textLike("Why: the plan shows it.", "They are too large to be handed over without a copy"),
  select,
  strategy,
});

export const volumes = z
  .strictObject({
    default: strategy.optional().meta({
      description:
        "What becomes of EBS volumes that no rule here is about, wherever it can be done. Default: by the rules of docs/volume-rules.md.",
    }),
    rules: z
      .array(rule)
      .default([])
      .superRefine(unique(({ name }) => [name]))
      .meta({ description: "What becomes of single claims' volumes. The first that selects a claim decides." }),
    zones: z
      .record(zone, zone)
      .default({})
      .meta({
        description: "Zone of blue's volumes: zone in which green gets a copy. Others stay in their zone.",
        examples: [{ "eu-west-1a": "eu-west-1b" }],
      }),
    checksum: z
      .strictObject({
        run: program,
        timeout: wait.default("15m").meta({ description: "How long it may take for one volume on one cluster." }),
      })
      .optional()
      .meta({
        description:
          "The team's own program that sums up what lies in a volume, for example by a Job that mounts the claim. Run during the cutover for each volume that is copied or handed over: on blue once its workload has stopped, on green before its own is released. The last line that it prints must be the same; where it isn't, the workload stays held. See docs/volumes.md.",
      }),
    velero: z
      .strictObject({
        namespace: textLike("Namespace of Velero on green.", "velero").default("velero"),
        backup: textLike(
          "Backup of which volumes with the strategy velero are restored. Default: the one that the plan was made from, else the last of `clustershift backup create`.",
          "nightly-20260307",
        ).optional(),
        timeout: wait.default("4h").meta({ description: "How long its restores may take, all in all." }),
      })
      .prefault({})
      .meta({ description: "What `clustershift volumes restore` has green's Velero do. See docs/velero.md." }),
    timeout: wait.default("2h").meta({
      description:
        "How long AWS may take, during the cutover, until the volumes are let go of, the last snapshots are complete and the new volumes there.",
    }),
  })
  .prefault({})
  .meta({ description: "What becomes of what lies in the volumes. See docs/volumes.md." });
