import { describe, expect, it } from "vitest";
import { podSecurityPolicy } from "../../migrations/pod-security-policy.js";
import { objectFor } from "./apply.js";

const table: [name: string, spec: Record<string, unknown>, says: RegExp, keepsSilent: RegExp][] = [
  ["an empty spec", {}, /^Green enforces no PodSecurityPolicy\.$/, /allows|sets/],
  [
    "privileged",
    { privileged: true, hostPID: true },
    /allows privileged containers and the host's processes,/,
    /It also sets/,
  ],
  ["volumes", { volumes: ["configMap", "hostPath"] }, /allows hostPath volumes/, /It also sets/],
  ["every volume", { volumes: ["*"] }, /allows hostPath volumes/, /It also sets/],
  ["harmless volumes", { volumes: ["configMap"], hostPorts: [] }, /^Green/, /allows|sets/],
  [
    "mutation",
    { requiredDropCapabilities: ["ALL"], runAsUser: { rule: "MustRunAs" }, fsGroup: { rule: "RunAsAny" } },
    /sets requiredDropCapabilities \(ALL\) and runAsUser in pods/,
    /allows|fsGroup/,
  ],
  ["no escalation", { defaultAllowPrivilegeEscalation: false }, /sets allowPrivilegeEscalation in pods/, /allows/],
];

describe("pod-security-policy", () => {
  it.each(table)("is dropped, and %s is explained", (_name, spec, says, keepsSilent) => {
    const migrated = podSecurityPolicy.migrate(objectFor(podSecurityPolicy, { spec }));
    expect(migrated.result === "drop" && migrated.reason).toMatch(/Pod Security Admission/);
    const [remark, ...more] = migrated.remarks ?? [];
    expect(more).toEqual([]);
    expect(remark).toMatchObject({ id: "psp-no-successor", severity: "warning" });
    expect(remark?.why).toMatch(says);
    expect(remark?.why).not.toMatch(keepsSilent);
    expect(remark?.whatToDo).toMatch(/may use web .*pod-security\.kubernetes\.io\/enforce/);
  });
});
