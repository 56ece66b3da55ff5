import type { CloudLook } from "../../../model/cloud.js";
import type { Journal } from "../../../model/journal.js";
import type { TeardownReceipt } from "../../../model/teardown.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { receiptOf } from "../../../sweep/receipt.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";

/** Writes teardown.json: by the journal, and by the last look. `bundle`: where it was verified just now. */
export async function writeReceipt(
  project: Project,
  run: RunFolder,
  journal: Journal,
  look: CloudLook,
  context: Context,
  bundle?: TeardownReceipt["bundle"],
): Promise<TeardownReceipt> {
  const earlier = await run.read("teardown.json");
  const receipt = receiptOf(journal.entries(), look, {
    at: context.edges.now().toISOString(),
    blue: project.config.blue.name,
    bundle: bundle ?? earlier?.bundle ?? null,
  });
  await run.write("teardown.json", receipt);
  return receipt;
}

export function describeReceipt(receipt: TeardownReceipt): string[] {
  const { removed, drained, snapshots } = receipt;
  return [
    ...drained.map(({ object }) => `  drained  ${object}`),
    ...snapshots.map(({ id, of, keepUntil }) => `  snapshot ${id} of ${of}, to be kept until ${keepUntil}`),
    ...removed.map(({ kind, id, name }) => `  removed  ${kind} ${id}${name === id ? "" : ` (${name})`}`),
  ];
}
