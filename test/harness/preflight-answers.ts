import type { Effect, Fault } from "../../src/sandbox/aws/faults.js";

/** What AWS shall say of what the emulator doesn't have. */
export interface PreflightWorld {
  /** The value of every quota. */
  quota: number;
  /** By minor. Dates as the API has them: seconds since 1970. */
  versions: Record<string, { versionStatus: string; endOfStandardSupportDate?: number }>;
  /** By add-on: versions, of which the first is EKS's own choice. */
  addOns: Record<string, string[]>;
  /** Actions that the caller lacks. */
  denied: string[];
  /** Add-ons of every cluster. */
  installed: Record<string, { status: string; issues?: { code: string; message: string }[] }>;
}

/**
 * A front before the emulator, which lacks EKS's add-ons and versions, IAM's simulation and most quotas: these alone are answered here,
 * in shapes as AWS's own service models have them. Everything else goes on to the emulator.
 */
export function preflightAnswers(world: PreflightWorld): Fault {
  return ({ service, action, path }) => {
    if (service === "servicequotas") return json({ Quota: { QuotaCode: "L-TEST", Value: world.quota } });
    if (service === "iam" && action === "SimulatePrincipalPolicy") return simulated(world);
    if (service !== "eks") return undefined;
    const [route = "", query = ""] = path.split("?");
    const asked = new URLSearchParams(query);
    const installed = /^\/clusters\/[^/]+\/addons(?:\/([^/]+))?$/.exec(route);
    if (installed)
      return json(installed[1] === undefined ? { addons: Object.keys(world.installed) } : addOn(installed[1], world));
    if (route === "/cluster-versions") {
      const versions = Object.entries(world.versions).filter(([minor]) =>
        asked.getAll("clusterVersions").includes(minor),
      );
      return json({ clusterVersions: versions.map(([clusterVersion, rest]) => ({ clusterVersion, ...rest })) });
    }
    if (route === "/addons/supported-versions") return json({ addons: offers(asked, world) });
    return undefined;
  };
}

function addOn(addonName: string, { installed }: PreflightWorld): object {
  const { status, issues = [] } = installed[addonName] ?? { status: "DELETE_FAILED" };
  return { addon: { addonName, addonVersion: "v1.0.0-eksbuild.1", status, health: { issues } } };
}

function offers(asked: URLSearchParams, { addOns }: PreflightWorld): object[] {
  const addonName = asked.get("addonName") ?? "";
  const versions = addOns[addonName] ?? [];
  if (versions.length === 0) return [];
  const clusterVersion = asked.get("kubernetesVersion");
  const addonVersions = versions.map((addonVersion, index) => ({
    addonVersion,
    compatibilities: [{ clusterVersion, defaultVersion: index === 0 }],
  }));
  return [{ addonName, addonVersions }];
}

/** The request's own actions aren't seen here: those that are denied are told, and one that isn't. */
function simulated({ denied }: PreflightWorld): Effect {
  const result = (action: string, decision: string): string =>
    `<member><EvalActionName>${action}</EvalActionName><EvalDecision>${decision}</EvalDecision><EvalResourceName>*</EvalResourceName></member>`;
  const results = [
    ...denied.map((action) => result(action, "implicitDeny")),
    result("eks:CreateCluster", "allowed"),
  ].join("");
  const body = `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>${results}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`;
  return { kind: "answer", when: "before", status: 200, body };
}

function json(content: object): Effect {
  return { kind: "answer", when: "before", status: 200, body: JSON.stringify(content) };
}
