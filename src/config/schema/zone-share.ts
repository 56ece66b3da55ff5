import { z } from "zod";

/** octoDNS's own thresholds: who knows them there, expects them here. */
export const zoneShare = z
  .strictObject({
    percent: z.int().min(1).max(100).default(30).meta({
      description:
        "How much of a hosted zone may move in one run, in percent of its names. More is refused before anything is written; 100 allows all.",
    }),
    from: z.int().min(1).default(10).meta({ description: "Zones with fewer names than this have no limit." }),
  })
  .prefault({})
  .meta({ description: "The agreed share of a zone." });
