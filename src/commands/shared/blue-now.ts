import { openBundle } from "../../bundle/read.js";
import type { KubeReader } from "../../kube/api.js";
import { lookAt } from "../../kube/health.js";
import { deadBlue } from "../../run/dead-blue.js";
import type { Evidence } from "../../run/evidence.js";
import type { RunFolder } from "../../run/run-folder.js";
import { pagesOf } from "./archive.js";
import { connectBlue } from "./clusters.js";
import type { Context } from "./command.js";
import type { Project } from "./project.js";

/** Blue as a cutover asks it: itself; or, where it is dead, what the run's bundle has of it. */
export interface BlueNow extends Pick<KubeReader, "discover" | "pages" | "close"> {
  /** Why blue itself isn't asked. */
  dead?: string;
}

/** Dead only where the plan was made from an archive; any other blue has to answer. */
export async function blueNow(
  project: Project,
  run: RunFolder,
  { plan, health }: Pick<Evidence, "plan" | "health">,
  context: Context,
): Promise<BlueNow> {
  if (!plan?.archive) return connectBlue(project, context);
  const blue = await connectBlue(project, context, { attempts: 2 });
  const looks = health ?? { blue: [await lookAt(blue, [], context.edges)], green: [] };
  const dead = deadBlue({ plan, health: looks });
  if (dead === undefined) return blue;
  await blue.close();
  return { ...(await bundled(run)), dead };
}

/** Nodes and workloads as they were when they were exported. Nobody's Secrets are opened for it. */
async function bundled(run: RunFolder): Promise<BlueNow> {
  const bundle = await openBundle(run.bundlePath);
  return {
    discover: async () => ({ resources: bundle.manifest.kinds.map(({ resource }) => resource), broken: [] }),
    pages: (resource) => pagesOf(bundle.objects(resource)),
    close: async () => {},
  };
}
