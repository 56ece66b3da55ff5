import { z } from "zod";
import { unique } from "../rules.js";
import { textLike } from "./values.js";

export const manual = z
  .array(
    z.strictObject({
      name: textLike("Unique name, for the plan and for --confirm-manual.", "partner"),
      green: textLike(
        "What a person does so that it leads to green.",
        "Ask ops@partner.example to allow 198.51.100.1.",
      ),
      blue: textLike("What a person does to take that back.", "Ask ops@partner.example to allow 192.0.2.1 again."),
    }),
  )
  .default([])
  .superRefine(unique(({ name }) => [name]))
  .meta({
    description:
      "What no API moves: a partner's allow-list, a CDN's console, somebody else's DNS. Each is a step of its own after all others: cutover says what to do and goes on once somebody says that it is done; the way back says what to take back.",
  });
