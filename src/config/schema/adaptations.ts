import { z } from "zod";
import { adaptationNames } from "../../model/adaptation-names.js";
import { unique } from "../rules.js";

const labelKey = z
  .string()
  .regex(/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/, "is no label");

const labelValue = z
  .string()
  .regex(/^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/, "is no value of a label: quote it where it is a number");

const nodeLabel = z
  .strictObject({
    key: labelKey.optional().meta({ description: "What green's nodes call the label. Default: the same." }),
    values: z
      .record(labelValue, labelValue)
      .optional()
      .meta({ description: "Value on blue: value on green. Others stay as they are." }),
  })
  .refine(({ key, values }) => key !== undefined || values !== undefined, "says nothing: give key, values, or both");

/** A registry, or a part of names in it: no tag and no digest, which a prefix of names can't have. */
const imagePrefix = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?(\/[a-z0-9][a-z0-9._-]*)*$/,
    'is no image prefix: write for example "k8s.gcr.io"',
  );

export const adaptations = z
  .strictObject({
    off: z
      .array(z.enum(adaptationNames))
      .default([])
      .superRefine(unique((name) => [name]))
      .meta({
        description: "Names of adaptations that are not wanted; docs/changes.md lists them.",
        examples: [["images"]],
      }),
    nodeLabels: z
      .record(labelKey, nodeLabel)
      .default({})
      .meta({
        description: "What the labels of blue's nodes are called on green's, in selectors, affinities and spreads.",
        examples: [{ "kops.k8s.io/instancegroup": { key: "clustershift.io/group", values: { nodes: "workers" } } }],
      }),
    images: z
      .record(imagePrefix, imagePrefix)
      .default({})
      .meta({
        description: "Where images come from instead: prefix of their names on blue: prefix on green.",
        examples: [{ "k8s.gcr.io": "registry.k8s.io" }],
      }),
  })
  .prefault({})
  .meta({ description: "What is adapted for a new cluster." });
