import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import type { GreenRecord } from "../../../src/model/run.js";
import type { SandboxStatus } from "../../../src/sandbox/status.js";
import { migrate, readOf, stacksOf } from "../../proofs/rotation/migration.js";
import { everything, naming } from "../../proofs/rotation/traces.js";
import { exclusive } from "../acting.js";
import type { Production } from "../production.js";

/** Green is the next blue: the same production moves once more, to the same version, and the first pair is gone from everywhere. */
export function nextMigration(production: Production): void {
  const { place } = production;
  let first: string;
  let stood: GreenRecord;

  it("init --next makes green blue, and the sandbox has an identity there that can only read", async () => {
    first = (await readdir(join(place.dir, "runs")))[0] ?? "";
    stood = await readOf<GreenRecord>(place, first, "green.json");
    place.ahead = 0;
    await place.succeed("init", "--next");
    const { blue, green } = parse(await readFile(join(place.dir, "clustershift.yaml"), "utf8"));
    expect(blue).toEqual({
      name: stood.stack,
      context: stood.stack,
      kubeconfig: production.folder.kubeconfig,
      stack: { name: stood.stack },
    });
    expect(green).toMatchObject({ name: expect.stringMatching(/^green-1-35-\d{4}-\d\d-\d\d$/), version: "1.35" });
    await production.makeExclusive(exclusive, stood.stack);
    expect(await place.json("status")).toMatchObject({ json: { phase: "finished", next: "clustershift plan" } });
  });

  it("the same commands move it again, and everything is accounted for", async () => {
    const wrong: string[] = [];
    const second = await migrate(place, { blue: stood.stack, soakMs: 11 * 60_000 }, (why) => wrong.push(why));
    expect(wrong).toEqual([]);
    expect(second.run).not.toBe(first);
    const stands = await readOf<GreenRecord>(place, second.run, "green.json");
    const asBefore = JSON.stringify(production.before.records).replaceAll(
      `"${production.record.addresses.blue}"`,
      `"${stands.addresses.ingress}"`,
    );
    const { records, addresses } = await production.snapshot();
    expect(JSON.stringify(records)).toBe(asBefore);
    expect(JSON.stringify(addresses)).not.toContain("clustershift:");
    expect(await stacksOf(place)).toEqual([stands.stack]);

    const gone = [stood.stack, first, stood.clusterId, production.record.cluster];
    const objects = await everything(production.adminOf(stands.stack), stands.stack);
    expect(naming(objects, gone, second.run).map(({ key }) => key)).toEqual([]);
    expect(objects.size).toBeGreaterThan(400);
    const { json } = await place.json<{ sandboxes: SandboxStatus[] }>(
      "sandbox",
      "status",
      "--name",
      production.sandbox,
    );
    expect(json.sandboxes[0]?.clusters).toMatchObject([{ name: stands.stack, role: "blue", colour: "blue" }]);
  });
}
