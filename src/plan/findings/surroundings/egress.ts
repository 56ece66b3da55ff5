import type { Egress } from "../../../model/faces.js";
import type { Assessor } from "../../assessment.js";
import { listed, surrounding } from "./words.js";

/** The addresses by which partners know blue: nobody here can see their allow-lists. */
export const egressChanges: Assessor = ({ faces }) => {
  if (!faces) return [];
  const { blue, green } = faces;
  if (blue.egress.addresses.length + blue.egress.unseen.length === 0) return [];
  if (green.egress && !changes(blue.egress, green.egress)) return [];
  const greens = green.egress ? told(green.egress) : "addresses that aren't known yet";
  return [
    surrounding("egress-changes", "warning", {
      why: `Blue leaves by ${told(blue.egress)}; green will leave by ${greens}. Partners that let only blue's in will refuse green, and their allow-lists can't be seen from here.`,
      whatToDo:
        "Tell partners green's addresses (the foundation's output egressIps) before traffic moves, and have them keep blue's until teardown.",
    }),
  ];
};

/** Fewer addresses than blue's do no harm; others do. */
function changes(blue: Egress, green: Egress): boolean {
  return (
    green.addresses.some((address) => !blue.addresses.includes(address)) ||
    green.unseen.some((way) => !blue.unseen.includes(way)) ||
    green.addresses.length + green.unseen.length === 0
  );
}

function told({ addresses, unseen }: Egress): string {
  const ways = [...addresses, ...unseen.map((way) => `${way}, whose addresses aren't seen here`)];
  return ways.length > 0 ? listed(ways) : "none";
}
