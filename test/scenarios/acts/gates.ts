import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { parseDocument } from "yaml";
import type { Workplace } from "../../harness/clustershift.js";
import type { Production } from "../production.js";

const minutes = (count: number): number => count * 60_000;

/** Every gate of `cutover` refuses with its own exit code and the command that helps; nothing moves. */
export function gates(production: Production): void {
  const remove = async (place: Workplace, file: string) => rm(join(await production.runDir(place), file));
  const configure = async (place: Workplace, key: string, value: unknown) => {
    const file = join(place.dir, "clustershift.yaml");
    const document = parseDocument(await readFile(file, "utf8"));
    document.set(key, value);
    await writeFile(file, document.toString());
  };
  const refusal = async (place: Workplace, ...args: string[]) => {
    const before = (await production.journal(place).catch(() => [])).length;
    const { code, json } = await place.json("cutover", ...args);
    expect(code).toBe(json.error?.exitCode);
    expect((await production.journal(place).catch(() => [])).length).toBe(before);
    expect(await production.snapshot()).toEqual(production.before);
    return json.error;
  };

  it("13: before any smoke test", async () => {
    expect(await refusal(production.place)).toMatchObject({
      code: "smoke-missing",
      exitCode: 13,
      fix: "clustershift smoke",
    });
  });

  it("smoke passes on this green", async () => {
    const junit = join(production.dir, "smoke.xml");
    const { code, json } = await production.place.json<{ report: { checks: object[] } }>("smoke", "--junit", junit);
    expect(json.report.checks.filter((check) => !("outcome" in check) || check.outcome !== "passed")).toEqual([]);
    expect(code).toBe(0);
    expect(await readFile(junit, "utf8")).toContain("<testsuite");
    expect(await production.place.json("status")).toMatchObject({ json: { phase: "cutover", held: [] } });
  });

  it.each<{ exitCode: number; code: string; when: string; fix: RegExp; spoil: (place: Workplace) => Promise<unknown> }>(
    [
      {
        exitCode: 10,
        code: "no-plan",
        when: "no run at all",
        fix: /^clustershift plan$/,
        spoil: (place) => rm(join(place.dir, "runs"), { recursive: true }),
      },
      {
        exitCode: 10,
        code: "no-plan",
        when: "no plan in the run",
        fix: /^clustershift plan$/,
        spoil: (place) => remove(place, "plan.json"),
      },
      {
        exitCode: 11,
        code: "plan-not-approved",
        when: "nobody approved",
        fix: /^clustershift approve --by NAME$/,
        spoil: (place) => remove(place, "approval.json"),
      },
      {
        exitCode: 12,
        code: "plan-changed",
        when: "the configuration changed since",
        fix: /^clustershift plan && clustershift approve --by NAME$/,
        spoil: (place) => configure(place, "soak", "1s"),
      },
      {
        exitCode: 12,
        code: "plan-changed",
        when: "plan.json was edited",
        fix: /^clustershift plan && clustershift approve --by NAME$/,
        spoil: (place) =>
          production.edit(place, "plan.json", (plan) => {
            plan.window = { opens: "2020-01-01T00:00:00Z", closes: "2099-01-01T00:00:00Z" };
          }),
      },
      {
        exitCode: 14,
        code: "smoke-failed",
        when: "a check failed",
        fix: /clustershift smoke$/,
        spoil: (place) =>
          production.edit(place, "smoke.json", (smoke) => {
            const [first] = smoke.checks as { outcome: string }[];
            if (first) first.outcome = "failed";
            smoke.passed = false;
          }),
      },
      {
        exitCode: 14,
        code: "smoke-failed",
        when: "a check could not be made",
        fix: /clustershift smoke$/,
        spoil: (place) =>
          production.edit(place, "smoke.json", (smoke) => {
            const [first] = smoke.checks as { outcome: string }[];
            if (first) first.outcome = "inconclusive";
          }),
      },
      {
        exitCode: 15,
        code: "smoke-stale",
        when: "the smoke test is older than smoke.maxAge",
        fix: /^clustershift smoke$/,
        spoil: async (place) => {
          place.ahead = minutes(31);
        },
      },
      {
        exitCode: 16,
        code: "smoke-other-green",
        when: "the smoke test was of another green",
        fix: /^clustershift smoke$/,
        spoil: (place) =>
          production.edit(place, "smoke.json", (smoke) => {
            smoke.green = { clusterId: "00000000-0000-0000-0000-000000000000", version: "v1.35.4" };
          }),
      },
    ],
  )("$exitCode: $when", async ({ exitCode, code, fix, spoil }) => {
    const place = await production.copy(`gate-${exitCode}-${code}`);
    await spoil(place);
    expect(await refusal(place)).toMatchObject({ code, exitCode, fix: expect.stringMatching(fix) });
    await rm(place.dir, { recursive: true });
  });

  it("17: before the window and after it; inside, that gate holds", async () => {
    const place = await production.copy("gate-window");
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    await configure(place, "window", { opens: at(minutes(10)), closes: at(minutes(20)) });
    for (const args of [["plan"], ["approve", "--by", "Jo Berg"], ["smoke"]]) await place.succeed(...args);
    expect(await refusal(place)).toMatchObject({
      code: "outside-window",
      exitCode: 17,
      what: expect.stringMatching(/opens at .+, in (9|10)m/),
      fix: expect.stringMatching(/Wait until it opens/),
    });
    place.ahead = minutes(15);
    const { json } = await place.json<{ gates: { gate: string; refusal: unknown }[] }>("cutover", "--dry-run");
    expect(json.gates.filter((gate) => gate.refusal !== null)).toEqual([]);
    expect(json.gates.map(({ gate }) => gate)).toContain("outside-window");
    place.ahead = minutes(25);
    expect(await refusal(place)).toMatchObject({ exitCode: 17, what: expect.stringMatching(/window closed at/) });
  });

  it("18: another process that lives holds the lock", async () => {
    const place = await production.copy("gate-lock");
    const program = fileURLToPath(new URL("../../run/lock-holder.ts", import.meta.url));
    const holder = spawn(process.execPath, [
      "--import",
      "tsx",
      program,
      join(await production.runDir(place), "lock.json"),
    ]);
    try {
      const [said] = (await once(holder.stdout, "data")) as [Buffer];
      expect(said.toString()).toBe("held\n");
      const refused = await refusal(place);
      expect(refused).toMatchObject({ code: "locked", exitCode: 18, fix: expect.stringMatching(/Wait until it ends/) });
      expect(refused.what).toContain(`pid ${holder.pid}`);
    } finally {
      const ended = once(holder, "exit");
      holder.kill("SIGKILL");
      await ended;
    }
    // The dead hold nothing: the next gate is asked.
    place.ahead = minutes(31);
    expect(await refusal(place)).toMatchObject({ exitCode: 15 });
  });

  it("--force needs a reason, and a gate's name", async () => {
    const place = await production.copy("force");
    place.ahead = minutes(31);
    expect(await refusal(place, "--force", "smoke-stale")).toMatchObject({
      exitCode: 2,
      fix: expect.stringMatching(/--reason/),
    });
    expect(await refusal(place, "--force", "smoke-stale", "--reason", " ")).toMatchObject({ exitCode: 2 });
    expect(await refusal(place, "--force", "everything", "--reason", "why not")).toMatchObject({
      exitCode: 2,
      fix: expect.stringMatching(/Its gates are: .*smoke-stale/),
    });
  });

  it("--force passes no other gate than the one it names", async () => {
    const place = await production.copy("force-one");
    place.ahead = minutes(31);
    const forced = ["--force", "smoke-stale", "--reason", "CHG-1234"];
    await remove(place, "approval.json");
    expect(await refusal(place, ...forced)).toMatchObject({ exitCode: 11 });
    expect(await refusal(place, "--force", "plan-not-approved", "--reason", "CHG-1234")).toMatchObject({
      exitCode: 15,
    });
  });
}
