import { z } from "zod";
import { parseKubeVersion } from "../../model/kube-version.js";
import { duration } from "../rules.js";

/** Kinds of values that several sections of clustershift.yaml share. */
export const text = z.string().regex(/\S/, "must not be empty");

/** A text with what it is and how it looks: editors show both, and so does the message where it is missing. */
export const textLike = (description: string, ...examples: string[]) => text.meta({ description, examples });

/** What is waited for ends before Node's timers do, after 24 days; a limit of no time at all could never be met. */
export const wait = duration("1ms", "20d");
export const hold = duration("0s", "20d");
export const age = duration("0s", "3650d");

export const kubeVersion = z
  .string()
  .refine((value) => parseKubeVersion(value) !== undefined, 'is no Kubernetes version: write for example "1.35"')
  .meta({ examples: ["1.35"] });

export const instant = z.iso
  .datetime({ offset: true, error: 'is no time with a zone: write for example "2026-11-28T22:00:00+01:00"' })
  .meta({ examples: ["2026-11-28T22:00:00+01:00"] });

export const region = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'is no AWS region: write for example "eu-central-1"')
  .meta({ examples: ["eu-central-1"] });

export const webUrl = z
  .url({
    protocol: /^https?$/,
    hostname: /./,
    error: 'is no http(s) URL: write for example "https://app.acme.example/health"',
  })
  .refine((value) => !/^[a-z]+:\/\/[^/]*@/i.test(value), "must not hold a user or password: reports show it")
  .meta({ examples: ["https://app.acme.example/health"] });

export const port = z
  .int()
  .min(1)
  .max(65535)
  .meta({ examples: [443] });
