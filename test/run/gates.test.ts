import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BackupVerification } from "../../src/model/backup.js";
import { UserError } from "../../src/model/errors.js";
import { type ExitCodeName, exitCodes } from "../../src/model/exit-codes.js";
import type { DnsWriter } from "../../src/model/external-dns.js";
import type { ClusterHealth, HealthLook } from "../../src/model/health.js";
import type { JournalEntry } from "../../src/model/journal.js";
import { planHash } from "../../src/model/plan.js";
import { type RestoredClaim, restoredEvent } from "../../src/model/restored.js";
import type { PlannedVolume } from "../../src/model/volumes.js";
import type { Evidence } from "../../src/run/evidence.js";
import {
  checkGates,
  type Gate,
  type GatedCommand,
  gates,
  gatesOf,
  type Limits,
  requireGates,
} from "../../src/run/gates/index.js";
import { accountingOf, counts, samplePlan } from "../model/samples.js";
import {
  ago,
  backDone,
  hour,
  journalOf,
  lowered,
  minute,
  now,
  type SoundEvidence,
  shiftDone,
  shiftIntent,
  soundEvidence,
  teardownDone,
  limits as withoutTtl,
} from "./evidence.js";

/** Every gate has something to say. */
const limits: Limits = {
  ...withoutTtl,
  ttl: minute,
  backup: { require: ["cutover", "teardown"], maxAge: 24 * hour },
};

type Spoil = (evidence: SoundEvidence) => Evidence;
type Row = [what: string, gate: keyof typeof gates, code: ExitCodeName, spoil: Spoil, says: RegExp];

const takers = new Set<Spoil>();
const isTaken = ([, , , spoil]: Row): boolean => takers.has(spoil);
function without(...keys: (keyof Evidence)[]): Spoil {
  const spoil: Spoil = (evidence) =>
    Object.fromEntries(
      Object.entries(evidence).filter(([key]) => !keys.includes(key as keyof Evidence)),
    ) as unknown as Evidence;
  takers.add(spoil);
  return spoil;
}

/** The verified backup, changed; with a time it is another one than the run's bundle, taken then. */
function backedUp(change: Partial<BackupVerification>, takenAt?: string): Spoil {
  return (evidence) => {
    const [first] = evidence.backup?.verifications ?? [];
    if (!first) throw new Error("nothing was verified");
    const backup =
      takenAt === undefined ? first.backup : { ...first.backup, path: "other", identity: "other", takenAt };
    return { ...evidence, backup: { format: 1, verifications: [{ ...first, ...change, backup }] } };
  };
}

/** Velero keeps the verified backup until then. */
const kept =
  (keptUntil: string): Spoil =>
  (evidence) => {
    const verifications = evidence.backup?.verifications ?? [];
    return {
      ...evidence,
      backup: {
        format: 1,
        verifications: verifications.map((each) => ({ ...each, backup: { ...each.backup, keptUntil } })),
      },
    };
  };

/** With another plan, for which everything else is made to fit. */
const planned =
  (parts: Parameters<typeof samplePlan>[0]): Spoil =>
  (evidence) => {
    const plan = samplePlan(parts);
    return {
      ...evidence,
      plan,
      approval: { ...evidence.approval, planHash: plan.hash },
      smoke: { ...evidence.smoke, planHash: plan.hash },
    };
  };
/** One look at a cluster was another one. */
const sick =
  (colour: keyof ClusterHealth, look: number, parts: Partial<HealthLook>): Spoil =>
  (evidence) => {
    const looks = evidence.health[colour].map((each, index) => (index === look ? { ...each, ...parts } : each));
    return { ...evidence, health: { ...evidence.health, [colour]: looks } };
  };
/** An external-dns that would write over what moves. */
const writer = (cluster: DnsWriter["cluster"], runs: boolean): DnsWriter => ({
  ...{ cluster, runs, policy: "sync", owner: "one", names: ["app.acme.example. A"], why: 'owns them by its id "one"' },
  object: { group: "apps", kind: "Deployment", namespace: "dns", name: "external-dns" },
});
/** Blue's last look found nobody. */
const silence: Partial<HealthLook> = { error: "connection refused.", silent: true };
/** A plan that was made from what is left of blue, and what it lists as exclusive. */
const archived: Parameters<typeof samplePlan>[0] = {
  archive: { kind: "folder", path: "definitions", takenAt: null, versionBy: "says somebody" },
};
const queue = { group: "apps", kind: "Deployment", namespace: "shop", name: "queue" };
const exclusive = [{ object: queue, rule: "queues", edited: queue, field: "spec.replicas", value: 0 }];
const byVelero: PlannedVolume = {
  claim: { group: "", kind: "PersistentVolumeClaim", namespace: "shop", name: "data" },
  ...{ strategy: "velero", rule: "r", reason: "Because.", users: [] },
};
const restoredOn = (clusterId: string): JournalEntry => ({
  ...{ ...restoredEvent, data: { claim: "shop/data", clusterId, restore: "r" } satisfies RestoredClaim },
  ...{ seq: 1, at: ago(hour), sum: "" },
});
const blocker = { id: "no-path", severity: "blocker" as const, why: "w", whatToDo: "d" };

/** Each way in which one piece of evidence can be missing, stale or spoilt, and the one gate that sees it. */
const rows: Row[] = [
  ["no plan", "planExists", "no-plan", without("plan"), /no plan/],
  ["a blocker", "notBlocked", "plan-blocked", planned({ findings: [blocker] }), /1 blocker\(s\): no-path/],
  ["no approval", "approved", "plan-not-approved", without("approval"), /Nobody has approved/],
  [
    "an edited plan",
    "planIntact",
    "plan-changed",
    (e) => ({ ...e, plan: { ...e.plan, environment: "x" } }),
    /was edited/,
  ],
  [
    "another configuration",
    "planIntact",
    "plan-changed",
    (e) => ({ ...e, configHash: "other" }),
    /clustershift.yaml, or a module that it names, changed/,
  ],
  [
    "another plan's approval",
    "approvalFits",
    "plan-changed",
    (e) => ({ ...e, approval: { ...e.approval, planHash: "f00" } }),
    /changed since Jo Berg approved/,
  ],
  [
    "before the window",
    "insideWindow",
    "outside-window",
    planned({ window: { opens: "2026-11-28T22:00:00.001Z", closes: "2026-11-29T03:00:00Z" } }),
    /opens at/,
  ],
  [
    "at the window's end",
    "insideWindow",
    "outside-window",
    planned({ window: { opens: "2026-11-28T21:00:00Z", closes: "2026-11-28T22:00:00Z" } }),
    /closed at/,
  ],
  [
    "a window that is none",
    "insideWindow",
    "outside-window",
    planned({ window: { opens: "soon", closes: "later" } }),
    /can't be read: "soon" is no time/,
  ],
  [
    "half a window",
    "insideWindow",
    "outside-window",
    planned({ window: { opens: "2026-11-28T21:00:00Z", closes: "" } }),
    /can't be read/,
  ],
  [
    "a freeze",
    "insideWindow",
    "outside-window",
    planned({ window: { freezes: [{ from: ago(hour), to: ago(-hour), reason: "the busiest week" }] } }),
    /frozen until 2026-11-28T23:00:00.000Z: the busiest week\. It opens at 2026-11-28T23:00:00.000Z, in 1h/,
  ],
  [
    "another time of the week",
    "insideWindow",
    "outside-window",
    planned({ window: { weekly: [{ days: ["sun"], from: "02:00", to: "04:00", timeZone: "Europe/Berlin" }] } }),
    /none of the weekly windows .* It opens at 2026-11-29T01:00:00.000Z, in 3h/,
  ],
  [
    "a time zone that is none",
    "insideWindow",
    "outside-window",
    planned({ window: { weekly: [{ days: ["sat"], from: "00:00", to: "24:00", timeZone: "Middle/Earth" }] } }),
    /can't be read: .*Middle\/Earth/,
  ],
  [
    "less left than the way back takes",
    "windowLongEnough",
    "window-too-short",
    planned({ window: { opens: ago(hour), closes: ago(-minute) } }),
    /closes at 2026-11-28T22:01:00.000Z, in 1m 00s, and the way back takes 1m 01s \(the plan's bound\)/,
  ],
  ["no green", "greenStands", "green-missing", without("green"), /no green/],
  [
    "a green of another version",
    "greenStands",
    "green-missing",
    (e) => ({ ...e, green: { ...e.green, version: "v1.34.9" } }),
    /v1\.34\.9; the plan says 1\.35/,
  ],
  [
    "a green of no version",
    "greenStands",
    "green-missing",
    (e) => ({ ...e, green: { ...e.green, version: "" } }),
    /the plan says 1\.35/,
  ],
  ["no bundle", "bundleVerified", "bundle-missing", without("bundle"), /no verified bundle/],
  [
    "an old bundle",
    "bundleFresh",
    "bundle-stale",
    (e) => ({ ...e, bundle: { ...e.bundle, manifest: { ...e.bundle.manifest, exportedAt: ago(48 * hour + 1) } } }),
    /backup of blue, its bundle, is 2d 0h old; it may be 2d 0h old/,
  ],
  [
    "a bundle of an old archive",
    "bundleFresh",
    "bundle-stale",
    planned({ archive: { kind: "velero", path: "b", takenAt: ago(72 * hour), versionBy: "v" } }),
    /is 3d 0h old/,
  ],
  [
    "a bundle from the future",
    "bundleFresh",
    "bundle-stale",
    (e) => ({ ...e, bundle: { ...e.bundle, manifest: { ...e.bundle.manifest, exportedAt: ago(-hour) } } }),
    /1h 00m in the future/,
  ],
  [
    "claims left to Velero",
    "volumesRestored",
    "volumes-not-restored",
    planned({ volumes: [byVelero] }),
    /1 claim.*shop\/data/,
  ],
  [
    "claims that Velero restored on another green",
    "volumesRestored",
    "volumes-not-restored",
    (e) => ({ ...planned({ volumes: [byVelero] })(e), journal: [...e.journal, restoredOn("other")] }),
    /1 claim/,
  ],
  ["no backup that was restored", "backupVerified", "backup-unverified", without("backup"), /has been restored/],
  ["a backup that Velero has deleted", "backupVerified", "backup-unverified", kept(ago(minute)), /was kept until/],
  ["a backup with a defect", "backupVerified", "backup-unverified", backedUp({ outcome: "failed" }), /isn't fit/],
  [
    "an old rehearsal",
    "rehearsalFresh",
    "rehearsal-stale",
    (e) => ({ ...e, rehearsal: { ...e.rehearsal, at: ago(24 * hour + 1) } }),
    /rehearsal is 1d 0h old; it may be 1d 0h/,
  ],
  [
    "a rehearsal of no time",
    "rehearsalFresh",
    "rehearsal-stale",
    (e) => ({ ...e, rehearsal: { ...e.rehearsal, at: "" } }),
    /has no time/,
  ],
  ["clusters that nobody looked at", "blueHealthy", "blue-unhealthy", without("health"), /Blue .*was not looked at/],
  [
    "a blue of which one look was bad",
    "blueHealthy",
    "blue-unhealthy",
    sick("blue", 1, { nodes: { ready: 2, total: 3, notReady: ["n1"] } }),
    /2 of 3 nodes are Ready, and 90 % must be: n1 \(look 2 of 3\)/,
  ],
  [
    "a green whose system isn't whole",
    "greenHealthy",
    "green-unhealthy",
    sick("green", 2, { workloads: { total: 4, lacking: ["Deployment.apps kube-system/coredns: 0 of 2 available"] } }),
    /1 of 4 system workloads aren't whole: Deployment.apps kube-system\/coredns: 0 of 2/,
  ],
  [
    "another cluster in green's place",
    "greenHealthy",
    "green-unhealthy",
    sick("green", 0, { clusterId: "x" }),
    /another cluster answers in its place \(x, not green-id\)/,
  ],
  ["a blue that doesn't answer", "blueHealthy", "blue-unhealthy", sick("blue", 0, { error: "no route" }), /no route/],
  [
    "writers that nobody looked for",
    "externalDnsQuiet",
    "external-dns-active",
    without("dns"),
    /Nobody looked whether/,
  ],
  [
    "zones that can't be read",
    "externalDnsQuiet",
    "external-dns-active",
    (e) => ({ ...e, dns: { ...e.dns, error: "no route" } }),
    /can't be told whether .* \(no route\)/,
  ],
  [
    "an external-dns of blue that owns what moves",
    "externalDnsQuiet",
    "external-dns-active",
    (e) => ({ ...e, dns: { ...e.dns, writers: [writer("blue", true)] } }),
    /Blue's Deployment.apps dns\/external-dns runs with --policy=sync and would write over app\.acme\.example\. A: it owns/,
  ],
  [
    "an external-dns that runs on green",
    "externalDnsQuiet",
    "external-dns-active",
    (e) => ({ ...e, dns: { ...e.dns, writers: [writer("blue", false), writer("green", true)] } }),
    /^Green's Deployment.apps dns\/external-dns runs/,
  ],
  [
    "exclusive workloads on a dead blue",
    "deadBlueAtRest",
    "blue-may-act",
    (e) => sick("blue", 2, silence)({ ...e, ...planned({ ...archived, exclusive })(e) } as SoundEvidence),
    /can't be asked to stop .* \(connection refused\), and its nodes may go on with it: Deployment\.apps shop\/queue\./,
  ],
  [
    "an external-dns on a dead blue",
    "deadBlueAtRest",
    "blue-may-act",
    (e) =>
      sick(
        "blue",
        2,
        silence,
      )({
        ...e,
        ...planned(archived)(e),
        dns: { ...e.dns, writers: [writer("blue", true)] },
      } as SoundEvidence),
    /may go on with it: Deployment\.apps dns\/external-dns\./,
  ],
  [
    "exclusive workloads where another cluster is in a dead blue's place",
    "deadBlueAtRest",
    "blue-may-act",
    (e) => sick("blue", 2, { clusterId: "x" })({ ...e, ...planned({ ...archived, exclusive })(e) } as SoundEvidence),
    /another cluster answers in its place \(x, not blue-id\)/,
  ],
  ["no rehearsal", "rehearsed", "rehearsal-missing", without("rehearsal"), /not rehearsed/],
  [
    "another bundle's rehearsal",
    "rehearsed",
    "rehearsal-missing",
    (e) => ({ ...e, rehearsal: { ...e.rehearsal, bundle: "old" } }),
    /another bundle/,
  ],
  [
    "another version's rehearsal",
    "rehearsed",
    "rehearsal-missing",
    (e) => ({ ...e, rehearsal: { ...e.rehearsal, version: "1.34.1" } }),
    /against 1\.34\.1/,
  ],
  [
    "a refused rehearsal",
    "rehearsed",
    "rehearsal-missing",
    (e) => ({ ...e, rehearsal: { ...e.rehearsal, refused: [{ object: "Pod a/b", reason: "r" }] } }),
    /1 object\(s\)/,
  ],
  ["no replay", "replayed", "replay-missing", without("replay"), /not been replayed/],
  [
    "another green's replay",
    "replayed",
    "replay-missing",
    (e) => ({ ...e, replay: { ...e.replay, green: { clusterId: "x" } } }),
    /another green/,
  ],
  [
    "another bundle's replay",
    "replayed",
    "replay-missing",
    (e) => ({ ...e, replay: { ...e.replay, bundle: "old" } }),
    /another bundle/,
  ],
  [
    "failed objects",
    "replayed",
    "replay-missing",
    (e) => ({
      ...e,
      replay: { ...e.replay, accounting: accountingOf({ Pod: counts({ listed: 2, migrated: 1, failed: 1 }) }) },
    }),
    /1 object\(s\) failed/,
  ],
  [
    "lost objects",
    "replayed",
    "replay-missing",
    (e) => ({ ...e, replay: { ...e.replay, accounting: accountingOf({ Pod: counts({ listed: 2, migrated: 1 }) }) } }),
    /doesn't account/,
  ],
  [
    "what a deployer hasn't brought",
    "replayed",
    "replay-missing",
    (e) => ({
      ...e,
      replay: { ...e.replay, left: { come: 1, missing: [{ object: "ConfigMap shop/a", deployer: "helm shop/web" }] } },
    }),
    /1 object\(s\) that were left to their deployers/,
  ],
  [
    "a difference",
    "replayed",
    "replay-missing",
    (e) => ({
      ...e,
      parity: {
        ...e.parity,
        differences: [{ object: { group: "", kind: "Pod", name: "a" }, kind: "missing", fields: [] }],
      },
    }),
    /1 undeclared difference/,
  ],
  ["no smoke test", "smokeRun", "smoke-missing", without("smoke"), /No smoke test/],
  [
    "another plan's smoke test",
    "smokeRun",
    "smoke-missing",
    (e) => ({ ...e, smoke: { ...e.smoke, planHash: "old" } }),
    /another plan/,
  ],
  [
    "another green's smoke test",
    "smokeOfThisGreen",
    "smoke-other-green",
    (e) => ({ ...e, smoke: { ...e.smoke, green: { ...e.smoke.green, clusterId: "x" } } }),
    /another green/,
  ],
  [
    "a failed check",
    "smokePassed",
    "smoke-failed",
    (e) => ({
      ...e,
      smoke: {
        ...e.smoke,
        passed: false,
        checks: [{ name: "app", kind: "http", outcome: "failed", detail: "500", ms: 1 }],
      },
    }),
    /failed: app/,
  ],
  [
    "an inconclusive check said to have passed",
    "smokePassed",
    "smoke-failed",
    (e) => ({
      ...e,
      smoke: { ...e.smoke, checks: [{ name: "app", kind: "http", outcome: "inconclusive", detail: "?", ms: 1 }] },
    }),
    /failed: app/,
  ],
  ["no checks", "smokePassed", "smoke-failed", (e) => ({ ...e, smoke: { ...e.smoke, checks: [] } }), /no checks/],
  [
    "passed checks said to have failed",
    "smokePassed",
    "smoke-failed",
    (e) => ({ ...e, smoke: { ...e.smoke, passed: false } }),
    /says that it failed/,
  ],
  [
    "an old smoke test",
    "smokeFresh",
    "smoke-stale",
    (e) => ({ ...e, smoke: { ...e.smoke, at: ago(30 * minute + 1) } }),
    /30m 00s old; evidence may be 30m 00s/,
  ],
  [
    "a smoke test from the future",
    "smokeFresh",
    "smoke-stale",
    (e) => ({ ...e, smoke: { ...e.smoke, at: ago(-2 * minute) } }),
    /2m 00s in the future/,
  ],
  [
    "a smoke test of no time",
    "smokeFresh",
    "smoke-stale",
    (e) => ({ ...e, smoke: { ...e.smoke, at: "now" } }),
    /has no time: now/,
  ],
  [
    "a replay since the smoke test",
    "smokeFresh",
    "smoke-stale",
    (e) => ({ ...e, replay: { ...e.replay, at: ago(minute) } }),
    /replayed into since/,
  ],
  [
    "a green made ready since",
    "smokeFresh",
    "smoke-stale",
    (e) => ({ ...e, green: { ...e.green, readyAt: ago(minute) } }),
    /Green was changed/,
  ],
  ["TTLs as they were", "ttlLowered", "ttl-not-lowered", (e) => ({ ...e, journal: [] }), /have not been lowered to 1m/],
  [
    "TTLs not lowered enough",
    "ttlLowered",
    "ttl-not-lowered",
    (e) => ({ ...e, journal: journalOf([ago(hour), lowered(61, ago(minute))]) }),
    /have not been lowered to 1m/,
  ],
  [
    "TTLs lowered and given back",
    "ttlLowered",
    "ttl-not-lowered",
    (e) => ({
      ...e,
      journal: journalOf(
        [ago(hour), lowered(60, ago(minute))],
        [ago(0), { type: "event", phase: "prepare", event: "undone", data: { number: 1 } }],
      ),
    }),
    /have not been lowered to 1m/,
  ],
  [
    "old TTLs not over yet",
    "ttlLowered",
    "ttl-not-lowered",
    (e) => ({ ...e, journal: journalOf([ago(hour), lowered(60, ago(-minute))]) }),
    /until .*, for 1m/,
  ],
  [
    "a finished run",
    "notFinished",
    "run-finished",
    (e) => ({ ...e, journal: journalOf([ago(0), teardownDone]) }),
    /has ended/,
  ],
];

const refusals = (command: GatedCommand, evidence: Evidence) =>
  checkGates(command, evidence, limits).filter(({ refusal }) => refusal);

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

const moved = journalOf([ago(25 * hour), shiftIntent], [ago(24 * hour), shiftDone]);

describe("the other commands", () => {
  it.each<[GatedCommand, string, Spoil, ExitCodeName[]]>([
    ["approve", "sound", (e) => e, []],
    ["approve", "not approved yet", without("approval"), []],
    ["approve", "blocked", planned({ findings: [blocker] }), ["plan-blocked"]],
    ["up", "sound", without("green", "bundle", "rehearsal", "replay", "smoke"), []],
    ["up", "not approved", without("approval"), ["plan-not-approved"]],
    ["up", "green serves", (e) => ({ ...e, journal: moved }), ["traffic-moved"]],
    ["export", "planned only", without("approval", "green", "bundle", "rehearsal", "replay", "smoke"), []],
    ["export", "no plan", without("plan"), ["no-plan"]],
    ["rehearse", "no bundle", without("bundle"), ["bundle-missing"]],
    ["migrate", "sound", without("replay", "smoke"), []],
    ["migrate", "outside the window", (e) => ({ ...e, now: now + 100 * hour }), []],
    ["migrate", "not rehearsed", without("rehearsal"), ["rehearsal-missing"]],
    ["migrate", "traffic between", (e) => ({ ...e, journal: journalOf([ago(1), shiftIntent]) }), ["traffic-moved"]],
    [
      "migrate",
      "after the way back",
      (e) => ({ ...e, journal: journalOf([ago(3), shiftIntent], [ago(2), backDone]) }),
      [],
    ],
    ["smoke", "no green", without("green"), ["green-missing"]],
    ["teardown", "traffic at blue", (e) => e, ["green-not-serving", "soak-not-over"]],
    [
      "teardown",
      "traffic between",
      (e) => ({ ...e, journal: journalOf([ago(48 * hour), shiftIntent]) }),
      ["green-not-serving", "soak-not-over"],
    ],
    ["teardown", "soak time just over", (e) => ({ ...e, journal: moved }), []],
    ["teardown", "soak time just not over", (e) => ({ ...e, now: now - 1, journal: moved }), ["soak-not-over"]],
    [
      "teardown",
      "the clock jumped back before the cutover",
      (e) => ({ ...e, now: now - 100 * hour, journal: moved }),
      ["soak-not-over"],
    ],
    ["teardown", "no backup was verified", (e) => ({ ...without("backup")(e), journal: moved }), ["backup-unverified"]],
    [
      "teardown",
      "the backup has defects",
      (e) => ({ ...backedUp({ outcome: "failed" })(e), journal: moved }),
      ["backup-unverified"],
    ],
    [
      "teardown",
      "nothing was restored",
      (e) => ({ ...backedUp({ restoredInto: null })(e), journal: moved }),
      ["backup-unverified"],
    ],
    [
      "teardown",
      "a backup of another cluster",
      (e) => ({ ...backedUp({ source: { version: "v1.24.17", clusterId: "another" } })(e), journal: moved }),
      ["backup-unverified"],
    ],
    [
      "teardown",
      "another backup, older than the plan",
      (e) => ({ ...backedUp({}, ago(200 * hour))(e), journal: moved }),
      ["backup-unverified"],
    ],
    [
      "teardown",
      "another backup, newer than the plan",
      (e) => ({ ...backedUp({}, ago(minute))(e), journal: moved }),
      [],
    ],
    [
      "teardown",
      "a backup that Velero has deleted since",
      (e) => ({ ...kept(ago(minute))(e), journal: moved }),
      ["backup-unverified"],
    ],
    ["teardown", "a backup that Velero still keeps", (e) => ({ ...kept(ago(-hour))(e), journal: moved }), []],
    ["cutover", "no backup was verified", without("backup"), ["backup-unverified"]],
    [
      "cutover",
      "Velero has restored",
      (e) => ({ ...planned({ volumes: [byVelero] })(e), journal: [...e.journal, restoredOn(e.green.clusterId)] }),
      [],
    ],
    ["volumes restore", "traffic at green", (e) => ({ ...e, journal: moved }), []],
    ["teardown", "no bundle", (e) => ({ ...without("bundle")(e), journal: moved }), ["bundle-missing"]],
    [
      "teardown",
      "finished",
      (e) => ({ ...e, journal: [...moved, ...journalOf([ago(0), teardownDone])] }),
      ["run-finished"],
    ],
  ])("%s, %s", (command, _, spoil, codes) => {
    expect(refusals(command, spoil(soundEvidence())).map(({ gate }) => gate.id)).toEqual(codes);
  });

  it("all refuse once the run has ended", () => {
    const evidence = { ...soundEvidence(), journal: journalOf([ago(0), teardownDone]) };
    for (const command of Object.keys(gatesOf) as GatedCommand[]) {
      expect(refusals(command, evidence)[0]?.gate.id, command).toBe("run-finished");
    }
  });
});

describe("--force", () => {
  const stale = { ...soundEvidence(), smoke: { ...soundEvidence().smoke, at: ago(hour) } };

  it("overrides the gate that it names, and tells which was overridden", () => {
    const forced = requireGates(checkGates("cutover", stale, limits), "smoke-stale");
    expect(forced.map(({ gate }) => gate.id)).toEqual(["smoke-stale"]);
    expect(forced[0]?.refusal?.what).toMatch(/1h 00m old/);
  });

  it("overrides no other: the next refusal holds", () => {
    const two = { ...stale, now: Date.parse("2026-11-29T04:00:00Z") };
    const error = thrown(() => requireGates(checkGates("cutover", two, limits), "smoke-stale"));
    expect(error?.code).toBe("outside-window");
  });

  it("of a gate that holds forces nothing", () => {
    expect(requireGates(checkGates("cutover", soundEvidence(), limits), "outside-window")).toEqual([]);
  });

  it.each(["smoke-stael", "soak-not-over", ""])(
    "of %j, no gate of cutover, is a mistake on the command line",
    (force) => {
      const error = thrown(() => requireGates(checkGates("cutover", soundEvidence(), limits), force));
      expect(error?.code).toBe("usage");
      expect(error?.fix).toContain("smoke-stale");
    },
  );

  it("a cutover that asks for a backup takes one that was verified, and is young enough", () => {
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

  it("of green-not-serving doesn't lift the soak time too", () => {
    const error = thrown(() => requireGates(checkGates("teardown", soundEvidence(), limits), "green-not-serving"));
    expect(error?.code).toBe("soak-not-over");
  });
});

function thrown(work: () => unknown): UserError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
