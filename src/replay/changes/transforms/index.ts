import type { Config } from "../../../config/schema.js";
import { messageOf } from "../../../model/errors.js";
import { sameJson } from "../../../model/json.js";
import type { KubeObject } from "../../../model/objects.js";
import { selects } from "../../../model/selector.js";
import type { Change, ChangeContext, Changed } from "../change.js";
import { withoutValues, withValues } from "./edit.js";
import { stillTheSame } from "./identity.js";
import { loadModule } from "./load-module.js";
import { byModule, type LoadedModule } from "./module.js";
import { moduleFiles } from "./module-files.js";
import { patched } from "./patch.js";
import { renamed } from "./rename.js";

/** One entry of `replay.transforms` in clustershift.yaml. */
export type TransformSettings = Config["replay"]["transforms"][number];

/** A team's own transforms, in the order of its file, with their modules loaded from paths relative to `dir`. */
export async function loadTransforms(dir: string, transforms: readonly TransformSettings[]): Promise<Change[]> {
  const known = Object.keys(await moduleFiles(dir, modulesOf(transforms)));
  const changes: Change[] = [];
  for (const settings of transforms) {
    const { name, module: path } = settings;
    changes.push(transformOf(settings, path === undefined ? undefined : await loadModule({ dir, name, path }, known)));
  }
  return changes;
}

/** The modules' paths, as the file writes them. */
export function modulesOf(transforms: readonly TransformSettings[]): string[] {
  return transforms.flatMap(({ module }) => module ?? []);
}

/** One transform as a change. An object for which it fails doesn't arrive: it's said, and never silently left as it was. */
export function transformOf(settings: TransformSettings, module?: LoadedModule): Change {
  const { name, reason } = settings;
  return {
    id: name,
    stage: "transform",
    reason,
    change(object, context) {
      try {
        return made(object, settings, module, context);
      } catch (error) {
        return failed(object, name, messageOf(error));
      }
    },
  };
}

function made(
  object: KubeObject,
  { name, select, patch, set, remove, rename }: TransformSettings,
  module: LoadedModule | undefined,
  context: ChangeContext,
): Changed | undefined {
  // What is renamed is named by others too, so that a rename looks at everything.
  if (rename) return renamed(object, select, rename, context);
  if (!selects(select, object)) return undefined;
  if (module) return byModule(object, module, name, context);
  let after = object;
  if (patch) after = patched(object, patch);
  if (set) after = withValues(object, set);
  if (remove) after = withoutValues(object, remove);
  return sameJson(object, after) ? undefined : { object: stillTheSame(object, after) };
}

function failed(object: KubeObject, name: string, why: string): Changed {
  return {
    object,
    ends: { ending: "failed", reason: `the transform ${name} fails: ${why}` },
    remarks: [
      {
        id: "transform-failed",
        severity: "blocker",
        why: `The transform ${name} fails for it, so that it wouldn't arrive: ${why}.`,
        whatToDo: "Mend the transform, or its select; `clustershift explain` shows what it sees of an object.",
      },
    ],
  };
}
