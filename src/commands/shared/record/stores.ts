import { messageOf } from "../../../model/errors.js";
import { bucketStore } from "../../../record/bucket.js";
import { greenStore } from "../../../record/green.js";
import type { RecordStore } from "../../../record/store.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { reachGreen } from "../clusters.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";
import { clockOf } from "../targets.js";

/** Milliseconds that one answer of a store may take: so much may a store that is down cost a command at a time. */
export const answerMs = 3_000;

/**
 * Where copies of a run's record are kept: the bucket first, since it stands while clusters come and go.
 *
 * @param run undefined where no run is here yet: then green is where the configuration says
 */
export async function openStores(
  project: Project,
  run: RunFolder | undefined,
  context: Context,
): Promise<RecordStore[]> {
  const bucket = await openBucketStore(project, context);
  const green = await openGreenStore(project, run, context);
  return [bucket, green].filter((store) => store !== undefined);
}

/** The first of them alone: it has what the others have. */
export async function openFirstStore(
  project: Project,
  run: RunFolder,
  context: Context,
): Promise<RecordStore | undefined> {
  return (await openBucketStore(project, context)) ?? (await openGreenStore(project, run, context));
}

async function openBucketStore({ config }: Project, context: Context): Promise<RecordStore | undefined> {
  const { bucket, prefix, region, profile } = config.record;
  const place = region ?? config.aws?.region;
  if (bucket === undefined || place === undefined) return undefined;
  // The SDK takes half a second to load, and most commands have no use for it.
  const { openBucket } = await import("../../../aws/s3.js");
  const settings = { ...config.aws, region: place, ...(profile !== undefined && { profile }) };
  const edges = { clock: clockOf(context), random: context.edges.random };
  return bucketStore(openBucket(bucket, settings, edges), `${prefix}/${config.blue.name}`);
}

/** None before green stands, nor where it can't even be addressed: that is said, and stops nothing. */
async function openGreenStore(
  project: Project,
  run: RunFolder | undefined,
  context: Context,
): Promise<RecordStore | undefined> {
  if (!project.config.record.green) return undefined;
  try {
    // Not asked whether it is this run's green: what lies there says by itself which run it is of.
    const kube = await reachGreen(project, run, context);
    return kube && greenStore(kube);
  } catch (error) {
    context.progress.warn(`green keeps no copy of this run's record now: ${messageOf(error)}`);
    return undefined;
  }
}
