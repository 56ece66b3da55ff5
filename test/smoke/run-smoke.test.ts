import { describe, expect, it } from "vitest";
import type { SmokeCheckConfig } from "../../src/config/schema.js";
import { KubeError } from "../../src/kube/api.js";
import type { ParityReport } from "../../src/model/accounting.js";
import { runSmoke } from "../../src/smoke/run-smoke.js";
import { virtualClock } from "../aws/clock.js";
import { clusterOf, smokeContext } from "./context.js";

const subject = { planHash: "abc", green: { clusterId: "green-1", version: "v1.35.4" } };
const parityCheck: SmokeCheckConfig = { kind: "parity", name: "parity" };
const report = (more: Partial<ParityReport> = {}): ParityReport => ({
  format: 1,
  at: "2026-11-28T22:00:00Z",
  green: { clusterId: "green-1" },
  compared: 400,
  declared: { "cluster-ip": 12 },
  differences: [],
  ...more,
});
const run = (checks: SmokeCheckConfig[], parity?: () => Promise<ParityReport>) =>
  runSmoke(checks, subject, smokeContext({ clock: virtualClock(), ...(parity && { parity }) }));

describe("runSmoke", () => {
  it("passes where every check does, and says what it is evidence about", async () => {
    expect(await run([parityCheck], async () => report())).toEqual({
      format: 1,
      at: "2026-11-28T22:00:00.000Z",
      ...subject,
      passed: true,
      checks: [
        {
          name: "parity",
          kind: "parity",
          outcome: "passed",
          detail: "400 objects compared: 12 differences, all declared by a rule.",
          ms: 0,
        },
      ],
    });
  });

  it("names what differs", async () => {
    const difference = {
      object: { group: "apps", kind: "Deployment", namespace: "shop", name: "web" },
      kind: "different" as const,
      fields: [{ path: "/spec/replicas", blue: 3, green: 1 }],
    };
    const { passed, checks } = await run([parityCheck], async () => report({ differences: [difference] }));
    expect(passed).toBe(false);
    expect(checks[0]).toMatchObject({
      outcome: "failed",
      detail: expect.stringContaining("shop/web different at /spec/replicas"),
    });
  });

  it.each<[string, SmokeCheckConfig[], (() => Promise<ParityReport>) | undefined]>([
    ["there are no checks", [], undefined],
    ["nothing was compared", [parityCheck], async () => report({ compared: 0 })],
    ["there is nothing to compare with", [parityCheck], undefined],
    ["a check throws", [parityCheck], () => Promise.reject(new Error("blue is unreachable"))],
    ["green has no such address", [{ kind: "tcp", name: "db", address: "nowhere", port: 1 }], undefined],
  ])("does not pass where %s", async (_, checks, parity) => {
    const result = await run(checks, parity);
    expect(result.passed).toBe(false);
    expect(result.checks.map(({ outcome }) => outcome)).toEqual(checks.map(() => "inconclusive"));
  });

  it("is inconclusive where green may not be read", async () => {
    const green = clusterOf(() => {
      throw new KubeError(403, "Forbidden", "deployments.apps is forbidden");
    });
    const check: SmokeCheckConfig = { kind: "workloads", name: "ready", timeout: "5m" };
    const { checks } = await runSmoke([check], subject, smokeContext({ green, clock: virtualClock() }));
    expect(checks[0]).toMatchObject({ outcome: "inconclusive", detail: expect.stringContaining("forbidden") });
  });

  it("keeps the configuration's order, and is over when it is interrupted", async () => {
    const tcp = (name: string): SmokeCheckConfig => ({ kind: "tcp", name, address: "nowhere", port: 1 });
    const { checks } = await run([tcp("b"), parityCheck, tcp("a")], async () => report());
    expect(checks.map(({ name }) => name)).toEqual(["b", "parity", "a"]);
    const signal = AbortSignal.abort(new Error("Ctrl-C"));
    await expect(runSmoke([parityCheck], subject, smokeContext({ signal }))).rejects.toThrow("Ctrl-C");
  });
});
