import type { ApiResource, KubeObject } from "../../model/objects.js";
import { giveBack } from "../../replay/field-managers/give-back.js";
import { ownersAt } from "../../replay/field-managers/owners-at.js";
import type { FieldEditor } from "../../workloads/edits/carry-out.js";

/** Remembers whose a field is, and gives it back to them by a client that may patch. */
export function fieldOwners(
  client: Parameters<typeof giveBack>[2]["green"],
  resourceOf: (live: KubeObject) => ApiResource,
): NonNullable<FieldEditor["owners"]> {
  return {
    of: ownersAt,
    async giveBack(live, owners) {
      await giveBack(live, owners as ReturnType<typeof ownersAt>, { green: client, resource: resourceOf(live) });
    },
  };
}
