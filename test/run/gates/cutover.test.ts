import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/model/errors.js";
import { exitCodes } from "../../../src/model/exit-codes.js";
import type { DnsWriter } from "../../../src/model/external-dns.js";
import { planHash } from "../../../src/model/plan.js";
import type { Evidence } from "../../../src/run/evidence.js";
import { checkGates, type Gate, gates, gatesOf, requireGates } from "../../../src/run/gates/index.js";
import { ago, hour, journalOf, minute, now, type SoundEvidence, shiftIntent, soundEvidence } from "../evidence.js";
import { isTaken, limits, planned, refusals, thrown, without, writer } from "./spoil.js";
import { rows } from "./spoilt/index.js";

describe("cutover", () => {
  it("is held by nothing when all evidence is sound", () => {
    expect(refusals("cutover", soundEvidence())).toEqual([]);
  });

  it.each(rows)("refuses %s by its gate %s, exit code %s", (_, gate, code, spoil, says) => {
    const results = checkGates("cutover", spoil(soundEvidence()), limits);
    const refused = results.filter(({ refusal }) => refusal).map((result) => result.gate);
    expect(refused).toContain(gates[gate]);
    const error = thrown(() => requireGates(results));
    expect(error).toBeInstanceOf(UserError);
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(says);
    expect(error?.exitCode).toBe(exitCodes[code].code);
  });

  it("is tried against every gate that holds it", () => {
    const tried = new Set(rows.map(([, gate]) => gates[gate]));
    for (const gate of gatesOf.cutover) expect(tried, gate.id).toContain(gate);
  });

  it("has the window's first moment inside and its last outside", () => {
    const evidence = soundEvidence();
    const at = (time: string): boolean => !gates.insideWindow.check({ ...evidence, now: Date.parse(time) });
    expect(at("2026-11-28T21:00:00Z")).toBe(true);
    expect(at("2026-11-29T02:59:59.999Z")).toBe(true);
  });

  it("stops blue's external-dns by itself where the plan says so, and no other", () => {
    const { object } = writer("blue", true);
    const stop = { object, rule: "dns", edited: object, field: "spec.replicas", value: 0 };
    const refusalsBy = (first: boolean, cluster: DnsWriter["cluster"]) =>
      refusals("cutover", {
        ...planned({ exclusive: [{ ...stop, first }] })(soundEvidence()),
        dns: { ...soundEvidence().dns, writers: [writer(cluster, true)] },
      });
    expect(refusalsBy(true, "blue")).toEqual([]);
    expect(refusalsBy(true, "green")).toHaveLength(1);
    expect(refusalsBy(false, "blue")).toHaveLength(1);
  });

  it("is allowed at any time without a window", () => {
    const evidence = planned({ window: null })(soundEvidence());
    expect(refusals("cutover", evidence)).toEqual([]);
  });

  it("goes on when it was interrupted: traffic between the clusters is no gate", () => {
    expect(refusals("cutover", { ...soundEvidence(), journal: journalOf([ago(minute), shiftIntent]) })).toEqual([]);
  });

  it("refuses for every combination of spoilt evidence, never with a defect", () => {
    fc.assert(
      fc.property(fc.subarray(rows, { minLength: 1 }), (spoilt) => {
        // What is taken away can't be spoilt any more: that comes last.
        const [taken, others] = [spoilt.filter(isTaken), spoilt.filter((row) => !isTaken(row))];
        const evidence = [...others, ...taken].reduce<Evidence>(
          (each, [, , , spoil]) => spoil(each as SoundEvidence),
          soundEvidence(),
        );
        expect(thrown(() => requireGates(checkGates("cutover", evidence, limits)))).toBeInstanceOf(UserError);
      }),
    );
  });

  it("refuses a smoke test of any age outside of 0 to the limit, whichever way the clock jumped", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100 * hour, max: 100 * hour }), (age) => {
        const evidence = soundEvidence();
        const refusal = gates.smokeFresh.check(
          { now, journal: [], configHash: "", smoke: { ...evidence.smoke, at: ago(age) } },
          limits,
        );
        expect(refusal === undefined).toBe(age >= 0 && age <= limits.smokeMaxAge);
      }),
    );
  });

  it("asks for a backup where the limits say so: one that was verified, and is young enough", () => {
    const asks = (maxAge: number) => ({ ...limits, backup: { require: ["cutover"] as const, maxAge } });
    const ids = (evidence: Evidence, maxAge: number) =>
      checkGates("cutover", evidence, asks(maxAge)).flatMap(({ gate, refusal }) => (refusal ? [gate.id] : []));
    expect(ids(soundEvidence(), 2 * hour)).toEqual([]);
    expect(ids(soundEvidence(), hour)).toEqual(["backup-unverified"]);
    const asksNothing = { ...limits, backup: { require: [], maxAge: 0 } };
    expect(
      checkGates("cutover", without("backup")(soundEvidence()), asksNothing).filter(({ refusal }) => refusal),
    ).toEqual([]);
  });

  it("sees any change of the approved plan", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("run", "environment", "configHash"), (value, field) => {
        const { plan, ...evidence } = soundEvidence();
        fc.pre(plan[field as "run"] !== value);
        const edited = { ...plan, [field]: value };
        expect(gates.planIntact.check({ ...evidence, plan: edited })?.what).toBeDefined();
        // Also where the editor wrote a hash that fits: nobody approved that one.
        const resealed = { ...edited, hash: planHash(edited) };
        expect(gates.approvalFits.check({ ...evidence, plan: resealed }, limits)?.what).toMatch(/changed since/);
      }),
    );
  });
});

describe("every refusal", () => {
  const commands = "plan|approve|up|export|backup|rehearse|migrate|prepare|smoke|cutover|rollback|teardown";

  it.each(rows)("of %s says what to run or change next", (_, gate, __, spoil) => {
    const refusal = (gates[gate] as Gate).check(spoil(soundEvidence()), limits);
    expect(refusal?.fix).toMatch(new RegExp(`clustershift (${commands})\\b|clustershift\\.yaml`));
    expect(refusal?.what).toMatch(/^\S.*[.:]$/);
    expect(`${refusal?.what} ${refusal?.fix}`).not.toMatch(/NaN|undefined/);
  });
});
