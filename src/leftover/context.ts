import type { CloudWatch } from "../aws/cloudwatch.js";
import type { Config } from "../config/schema.js";
import type { Clock } from "../model/clock.js";
import type { Talker } from "../model/leftover.js";

export type SourceConfig = Config["traffic"]["leftover"]["sources"][number];

/** What sources need of the world. */
export interface LeftoverContext {
  /** Folder that files and commands of the configuration are relative to. */
  dir: string;
  env: NodeJS.ProcessEnv;
  /** In this region, or in the configuration's; who opens it closes it. */
  openCloudWatch(region: string | undefined): Promise<CloudWatch>;
  clock: Clock;
  signal?: AbortSignal;
}

/** What was counted, by who; or why it is unknown, in words without a full stop. */
export type Counted = { who: Talker[] } | { unknown: string };

/** One kind of source. What it throws is unknown: it could not be measured. */
export type Source<Kind extends SourceConfig["kind"]> = (
  source: Extract<SourceConfig, { kind: Kind }>,
  context: LeftoverContext,
) => Promise<Counted>;
