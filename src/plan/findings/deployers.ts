import type { Finding } from "../../model/finding.js";
import type { PlannedDeployer } from "../../model/plan.js";
import type { Assessor } from "../assessment.js";

/** What no tool and no manifest would bring back: a cluster that is rebuilt from what lies in Git lacks it. */
export const deployedByNobody: Assessor = ({ decided }) =>
  decided.deployers
    .filter(({ kind }) => kind === "hand")
    .map(
      ({ objects }): Finding => ({
        id: "deployed-by-nobody",
        severity: "note",
        count: objects,
        why: `${objects} object(s) were made by nobody that is known: no release, no GitOps tool, no manifest that was applied.`,
        whatToDo:
          "They are copied. Read their list in plan.md: a cluster rebuilt from what lies in Git would lack them.",
      }),
    );

/** What comes by its deployer comes as the deployer makes it today. */
export const leftToDeployers: Assessor = ({ decided }) => {
  const left = decided.deployers.filter(({ handling }) => handling === "leave");
  if (left.length === 0) return [];
  const secrets = decided.settled.filter(
    ({ by, object }) => by === "left-to-deployer" && object.group === "" && object.kind === "Secret",
  );
  return [
    {
      id: "left-to-deployer",
      severity: secrets.length > 0 ? "warning" : "note",
      count: left.reduce((sum, { objects }) => sum + objects, 0),
      why: `${listed(left)} bring their own objects on green${secrets.length > 0 ? `, ${secrets.length} Secret(s) among them: a password that a chart makes up would be another one` : ""}.`,
      whatToDo:
        "See that they can reach green, and act there while migrate waits. What must be the same on both is better copied: replay.keep with rule left-to-deployer.",
    },
  ];
};

function listed(groups: readonly PlannedDeployer[]): string {
  const names = groups.map(({ id }) => id);
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}
