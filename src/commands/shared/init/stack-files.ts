import { stringify } from "yaml";
import type { DraftStacks } from "../../../mirror/draft-stacks.js";

/** A file that init writes. */
export interface StackFile {
  /** `Pulumi.acme-1-35.yaml` */
  name: string;
  text: string;
}

/**
 * The configuration of both stacks as Pulumi reads it, read back like anybody's file.
 *
 * @throws UserError `config-invalid` where an answer or an option makes it one that the stacks refuse
 */
export async function stackFiles(
  { foundation, cluster }: DraftStacks,
  names: { foundation: string; cluster: string },
): Promise<StackFile[]> {
  const [{ parseFoundationSettings }, { parseClusterSettings }] = await Promise.all([
    import("../../../../stacks/settings/foundation-settings.js"),
    import("../../../../stacks/settings/cluster-settings.js"),
  ]);
  parseFoundationSettings(foundation);
  parseClusterSettings(cluster);
  return [
    {
      name: `Pulumi.${names.foundation}.yaml`,
      text: fileOf("What outlives every cluster. A migration reads it, and never tears it down.", { foundation }),
    },
    {
      name: `Pulumi.${names.cluster}.yaml`,
      text: fileOf(
        "Green, drawn after blue. `clustershift up` takes these settings from clustershift.yaml, green.stack.settings.",
        { cluster },
      ),
    },
  ];
}

function fileOf(comment: string, settings: Record<string, unknown>): string {
  const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`clustershift:${key}`, value]));
  return `# ${comment}\n${stringify({ config }, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
