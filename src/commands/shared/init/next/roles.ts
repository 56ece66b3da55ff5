import { isMap, isScalar } from "yaml";
import type { Config } from "../../../../config/schema.js";
import type { Pair } from "./pair.js";
import type { Revision } from "./revision.js";

/** Blue becomes what green was, and green a cluster that isn't there yet. */
export function reviseRoles(revision: Revision, config: Config, { gone, blue, green }: Pair): void {
  const { account } = revision;
  forgetShape(revision);
  revision.set(["blue", "name"], blue.name);
  if (blue.kubeconfig === undefined) revision.drop(["blue", "kubeconfig"]);
  else revision.set(["blue", "kubeconfig"], blue.kubeconfig);
  revision.set(["blue", "context"], blue.context);
  account.chosen.push(`Blue is ${blue.name}, by the context ${blue.context}: it was green, and serves.`);
  reviseRemoval(revision, config, { gone, blue });
  const velero = config.backup.velero;
  if (velero)
    account.unknown.push(
      `The identity for backups in ${blue.name}: \`clustershift permissions blue-backup\` prints it, and backup.velero still names ${gone.name}'s, ${velero.context}.`,
    );
  revision.takeOut(["volumes", "velero", "backup"], `it was of ${gone.name}.`);

  revision.set(["green", "name"], green.name);
  revision.set(["green", "version"], green.version);
  const from = blue.version === green.version ? "the version that blue has, too" : `from ${blue.version}`;
  account.chosen.push(`Green is ${green.name}, Kubernetes ${green.version}, ${from}.`);
  for (const key of ["kubeconfig", "context"]) revision.takeOut(["green", key], `it led to ${blue.name}.`);
}

/** Above `blue` a first init writes which groups it found: of the cluster that is gone. */
function forgetShape({ document }: Revision): void {
  if (!isMap(document.contents)) return;
  const key = document.contents.items.find(({ key }) => isScalar(key) && key.value === "blue")?.key;
  if (!isScalar(key) || !key.commentBefore) return;
  const lines = key.commentBefore.split("\n").filter((line) => !line.startsWith(" Found: "));
  key.commentBefore = lines.length > 0 ? lines.join("\n") : null;
}

/** The stack that stood the new blue up removes it; what was said of the old one's removal was of that alone. */
function reviseRemoval(revision: Revision, { blue: was }: Config, { gone, blue }: Pick<Pair, "gone" | "blue">): void {
  const { account } = revision;
  revision.set(["blue", "stack", "name"], blue.stack);
  account.chosen.push(`teardown destroys its stack ${blue.stack}.`);
  const of = `it was of ${gone.name}.`;
  for (const key of ["command", "cluster", "keep", "dnsOwners"]) revision.takeOut(["blue", "teardown", key], of);
  const drain = was.teardown?.drain;
  if (drain)
    account.unknown.push(
      `The drain's identity in ${blue.name}: \`clustershift permissions blue-drain\` prints it, and blue.teardown.drain still names ${gone.name}'s, ${drain.context}.`,
    );
}
