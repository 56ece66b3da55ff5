import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseDocument } from "yaml";
import type { Plan } from "../../../src/model/plan.js";
import type { Workplace } from "../../harness/clustershift.js";
import { actingOnBlue, actingOnGreen, atCutover, nothing, untouched } from "../acting.js";
import type { Production } from "../production.js";

/** A blue whose API server is gone: the same migration goes on from its bundle. Blue itself stands, as it does for all others. */
export function deadBlue(production: Production): void {
  let place: Workplace;

  it("is refused by name, with what is left to go by; then a plan is made from the bundle", async () => {
    place = await production.copy("dead-blue");
    const kubeconfig = join(place.dir, "dead.kubeconfig.yaml");
    const file = join(place.dir, "clustershift.yaml");
    const document = parseDocument(await readFile(file, "utf8"));
    const alive = await readFile(String(document.getIn(["blue", "kubeconfig"])), "utf8");
    await writeFile(kubeconfig, alive.replaceAll(/https:\/\/127\.0\.0\.1:\d+/g, "https://127.0.0.1:9"));
    document.setIn(["blue", "kubeconfig"], kubeconfig);
    await writeFile(file, document.toString());
    expect(await place.json("plan")).toMatchObject({
      code: 4,
      json: { error: { fix: expect.stringContaining("clustershift plan --from ARCHIVE") } },
    });
    const bundle = join(await production.runDir(place), "bundle");
    const { code, json } = await place.json<{ plan: Plan }>("plan", "--from", bundle);
    expect({ code, archive: json.plan.archive }).toMatchObject({ code: 0, archive: { kind: "bundle" } });
    await place.succeed("approve", "--by", "Jo Berg");
    await place.succeed("smoke");
  });

  it("what an archive is to green is told before it's exported", async () => {
    const saved = join(place.dir, "saved");
    await cp(join(await production.runDir(place), "bundle"), saved, { recursive: true });
    const same = await place.json<{ comparison: { blue: string; parity: { compared: number } } }>(
      "diff",
      "--from",
      saved,
    );
    expect(same).toMatchObject({ code: 0, json: { comparison: { blue: saved, parity: { differences: [] } } } });
    expect(same.json.comparison.parity.compared).toBeGreaterThanOrEqual(300);
    type Dry = { accounting: { total: Record<string, number> } };
    const own = (await place.json<Dry>("migrate", "--dry-run")).json.accounting.total;
    const other = (await place.json<Dry>("migrate", "--dry-run", "--from", saved)).json.accounting.total;
    // Kinds that are each cluster's own, Events and the like, are passed over in an archive.
    expect(other).toEqual({ ...own, listed: expect.any(Number), skipped: expect.any(Number) });
    expect((await place.run(["diff", "--from", saved, "--live"])).stderr).toContain("Give one of them");
  });

  it("somebody has to answer for what it can't be asked to stop", async () => {
    const refused = await place.json("cutover");
    expect(refused).toMatchObject({ code: 79, json: { error: { code: "blue-may-act" } } });
    for (const name of ["external-dns", "settlement"]) expect(refused.json.error.what).toContain(name);
    const dry = await place.json<{ gates: { gate: string; refusal: unknown }[]; acts: Record<string, unknown> }>(
      ...["cutover", "--dry-run"],
    );
    expect(dry.json.gates.filter(({ refusal }) => refusal).map(({ gate }) => gate)).toEqual(["blue-may-act"]);
    expect(dry.json.acts["hand-over"]).toMatchObject({ objects: expect.arrayContaining([expect.anything()]) });
    expect(JSON.stringify(await production.snapshot())).toBe(JSON.stringify(production.before));
  });

  it("names and addresses move by what the bundle says of its nodes, and it is told what may still run there", async () => {
    const ended = await place.run(["cutover", "--force", "blue-may-act", "--reason", "its instances are stopped"]);
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Not stopped on blue, which can't be asked.*settlement/s),
      stderr: expect.stringContaining("blue is taken for dead"),
    });
    expect(await production.answers("app", 50)).toEqual({ blue: 0, green: 50 });
    const where = (snapshot: typeof production.before) => snapshot.addresses.map(({ InstanceId }) => InstanceId);
    expect(where(await production.snapshot())).toEqual(where(production.moved ?? production.before));
    expect(await actingOnGreen(production)).toEqual(atCutover);
    expect(await actingOnBlue(production)).toEqual(untouched);
  });

  it("the way back is exact, and asks blue nothing", async () => {
    await place.succeed("rollback");
    expect(JSON.stringify(await production.snapshot())).toBe(JSON.stringify(production.before));
    expect(await actingOnGreen(production)).toEqual(nothing);
  });
}
