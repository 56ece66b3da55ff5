import { policyRules } from "../../src/provision/policy/index.js";
import { code, document, head, type Page, table } from "./page.js";

export const policyPage: Page = {
  path: "docs/policy.md",
  render: () =>
    document(
      head("Policy", "src/provision/policy/"),
      [
        "What production must not have. `clustershift up` looks at everything that the preview of green's stack tells of, also at what is",
        "there already and stays as it is, and makes nothing where a rule refuses (exit code 76). The refusal names the rule, the",
        "resource, the property and what to do; `up --dry-run` shows all of it. What isn't known before a resource is made is refused",
        "where a rule needs it.",
      ].join("\n"),
      table(
        ["rule", "refuses"],
        policyRules.map(({ id, refuses }) => [code(id), refuses]),
      ),
      "## Switching a rule off, and adding one",
      [
        "```yaml",
        "green:",
        "  policy:",
        "    off:",
        "      - { rule: logs-off, reason: the security team keeps them by another system }",
        "    rules:",
        "      - id: our-instance-types",
        "        type: aws:eks/nodeGroup:NodeGroup # as the preview names it; * stands for any characters",
        "        property: instanceTypes[*] # * stands for every member",
        '        must: { like: "m6i.*" } # or be: [...], notBe: [...], notLike: ..., exist: true or false',
        "        reason: these are reserved",
        "```",
      ].join("\n"),
      [
        "Both are parts of the configuration, so the plan's hash covers them: a rule that is switched off needs an approval of its own.",
        "Rules look at the properties that the program asks for, as Pulumi's provider names them: `pulumi preview --diff` shows them.",
      ].join("\n"),
    ),
};
