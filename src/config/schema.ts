import { z } from "zod";
import { approval } from "./schema/approval.js";
import { backup } from "./schema/backup.js";
import { blue, green } from "./schema/clusters.js";
import { health } from "./schema/health.js";
import { notify } from "./schema/notify.js";
import { bundle, replay } from "./schema/objects.js";
import { record } from "./schema/record.js";
import { rehearsal } from "./schema/rehearsal.js";
import { smoke } from "./schema/smoke.js";
import { aws, pulumi } from "./schema/surroundings.js";
import { traffic } from "./schema/traffic.js";
import { age, text, textLike } from "./schema/values.js";
import { volumes } from "./schema/volumes.js";
import { window } from "./schema/window.js";
import { workloads } from "./schema/workloads.js";

/**
 * The shape of clustershift.yaml. Unknown keys are errors; every default is written in this schema and nowhere else.
 * schema/clustershift.schema.json is generated from it, so that editors complete it.
 */
export const configSchema = z
  .strictObject({
    apiVersion: z.literal("clustershift.dev/v1").meta({ description: "Version of this file's format." }),
    environment: textLike("What is migrated, in people's words: acme production.", "acme production"),
    blue,
    green,
    aws: aws.optional(),
    window: window.optional(),
    approval,
    pulumi,
    bundle,
    backup,
    rehearsal,
    replay,
    smoke,
    health,
    traffic,
    workloads,
    volumes,
    soak: age.default("24h").meta({ description: "How long green must have served everything before teardown." }),
    notify,
    record,
    runs: text.default("runs").meta({ description: "Folder of the runs, relative to this file." }),
  })
  .refine((config) => config.aws || !namesTraffic(config.traffic), {
    error: "is missing, but traffic names what shall move: write a mapping with region",
    path: ["aws"],
  })
  .refine((config) => config.blue.name !== config.green.name, {
    error: "must differ from blue.name: green is another cluster",
    path: ["green", "name"],
  })
  .refine(({ record, aws }) => record.bucket === undefined || record.region !== undefined || aws, {
    error: "is missing, and so is aws.region: nothing says where the bucket is",
    path: ["record", "region"],
  })
  .refine(({ replay, workloads }) => !workloads.exclusive.rules.some(({ name }) => named(replay.hold, name)), {
    error: "has a name that replay.hold has too: plan and status could not tell the two holds apart",
    path: ["workloads", "exclusive", "rules"],
  });

export type Config = z.infer<typeof configSchema>;
export type SmokeCheckConfig = Config["smoke"]["checks"][number];

const named = (entries: readonly { name: string }[], name: string): boolean =>
  entries.some((entry) => entry.name === name);

/** Whether anything shall move: a cutover asks AWS then, whatever it is. */
function namesTraffic({ route53, loadBalancers, elasticIps, manual }: z.infer<typeof traffic>): boolean {
  return route53.length + loadBalancers.length + elasticIps.length + manual.length > 0;
}
