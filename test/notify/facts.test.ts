import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.js";
import type { Plan } from "../../src/model/plan.js";
import { factsOf } from "../../src/notify/facts.js";
import { formatMoment } from "../../src/notify/when.js";

const config = (rest = "") =>
  parseConfig(
    `apiVersion: clustershift.dev/v1\nenvironment: acme\nblue: { name: old, context: b }\ngreen: { name: new, version: "1.35", stack: { kind: sandbox } }\n${rest}`,
    "test",
  );
const window = 'window: { opens: "2026-11-28T22:00:00+01:00", closes: "2026-11-29T04:00:00Z" }\n';
const plan = (targets: string[]) =>
  ({
    blue: { name: "old", version: "1.10.13" },
    green: { version: "1.35.4" },
    budgets: [{ phase: "cutover", seconds: 1500, basis: "" }],
    rollbackSeconds: 75,
    targets: targets.map((target) => ({ target, from: "", to: "" })),
  }) as unknown as Plan;
const at = Date.parse("2026-11-28T21:30:00Z");

describe("factsOf", () => {
  it("tells a plan", () => {
    const facts = factsOf(
      { run: "r", config: config(window), plan: plan(["app.acme.example. A", "Elastic IPs of syslog in a"]) },
      { at },
    );
    expect(facts).toMatchObject({
      blue: "old, Kubernetes 1.10.13",
      green: "Kubernetes 1.35.4",
      window: "from Sat 28 Nov 2026, 21:00 UTC to Sun 29 Nov 2026, 04:00 UTC",
      now: "Sat 28 Nov 2026, 21:30 UTC",
      affected: "who uses app.acme.example, Elastic IPs of syslog in a",
      duration: "25m 00s",
      wayBack: "1m 15s",
      shares: "1 %, 5 %, 25 %, 50 %, 100 %",
      soak: "1d 0h",
      step: "",
      detail: "",
    });
  });

  it("names a name once, and not too many", () => {
    const names = ["a. A", "a. AAAA", "b. A", "c. A", "d. A", "e. CNAME", "f. A", "g. A"];
    expect(factsOf({ run: "r", config: config(), plan: plan(names) }, { at }).affected).toBe(
      "who uses a, b, c, d, e and 2 more",
    );
  });

  it("says so where there is no plan and no window", () => {
    const facts = factsOf({ run: "r", config: config(), plan: undefined }, { at });
    expect(facts).toMatchObject({ blue: "old", green: "Kubernetes 1.35", window: "the time isn't fixed yet" });
    for (const words of [facts.duration, facts.wayBack]) expect(words).toBe("a time that no plan has told yet");
  });

  it("tells times in the zone that is asked for", () => {
    const berlin = config(`${window}notify: { timeZone: Europe/Berlin, contact: us, affected: all }\n`);
    expect(factsOf({ run: "r", config: berlin, plan: undefined }, { at })).toMatchObject({
      opens: "Sat 28 Nov 2026, 22:00 Europe/Berlin (GMT+1)",
      contact: "us",
      affected: "all",
    });
  });

  it("ends no detail with a full stop of its own", () => {
    expect(factsOf({ run: "r", config: config(), plan: undefined }, { at, detail: "it failed. \n" }).detail).toBe(
      "it failed",
    );
  });
});

describe("formatMoment", () => {
  it.each([
    ["2026-07-01T22:30:00Z", "Asia/Kolkata", "Thu 2 Jul 2026, 04:00 Asia/Kolkata (GMT+5:30)"],
    ["2026-11-28T00:00:00Z", "UTC", "Sat 28 Nov 2026, 00:00 UTC"],
    ["2026-10-25T00:30:00Z", "Europe/Berlin", "Sun 25 Oct 2026, 02:30 Europe/Berlin (GMT+2)"],
    ["2026-10-25T01:30:00Z", "Europe/Berlin", "Sun 25 Oct 2026, 02:30 Europe/Berlin (GMT+1)"],
  ])("%s in %s", (iso, zone, words) => {
    expect(formatMoment(Date.parse(iso), zone)).toBe(words);
  });
});
