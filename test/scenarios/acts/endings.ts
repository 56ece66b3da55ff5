import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Status } from "../../../src/run/status.js";
import { actingOnGreen, atTeardown } from "../acting.js";
import type { Production } from "../production.js";

interface AuditEvent {
  verb: string;
  requestURI: string;
  user: { username: string };
}

/** What a shift leaves on an address is taken off before blue is gone for good. */
function withoutMarks({ Tags = [], ...address }: Record<string, unknown>): Record<string, unknown> {
  return { ...address, Tags: (Tags as { Key: string }[]).filter(({ Key }) => !Key.startsWith("clustershift:")) };
}

/** The last cutover, the soak time, the teardown, and what is left: a report, and a green that is the next blue. */
export function endings(production: Production): void {
  const { place } = production;

  it("blue saw clustershift only get, list and watch, and the hand-over patch what is exclusive", async () => {
    const log = production.folder.path("control-planes/blue/kwokctl/clusters/blue/logs/audit.log");
    const events = (await readFile(log, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditEvent)
      .filter(({ user }) => user.username.startsWith("system:serviceaccount:clustershift:"));
    expect(events.filter(({ verb }) => verb === "list").length).toBeGreaterThan(40);
    const account = "system:serviceaccount:clustershift:clustershift-blue";
    const accounts = [...new Set(events.map(({ user }) => user.username))].sort();
    expect(accounts).toEqual([account, `${account}-hand-over`]);
    const writes = events.filter(({ verb }) => !["get", "list", "watch"].includes(verb));
    const written = writes.map(({ user, verb, requestURI }) =>
      [user.username, verb, new URL(requestURI, "http://blue").pathname].join(" "),
    );
    expect([...new Set(written)].sort()).toEqual([
      // What it may do, asked before any traffic moves.
      `${account}-hand-over create /apis/authorization.k8s.io/v1/selfsubjectaccessreviews`,
      `${account}-hand-over patch /apis/apps/v1/namespaces/kube-system/deployments/external-dns`,
      `${account}-hand-over patch /apis/batch/v1/namespaces/payments/cronjobs/settlement`,
    ]);
  });

  it("teardown asks for the soak time and for blue's name", async () => {
    const { cluster } = production.record;
    expect(await place.json("teardown", "--confirm", cluster)).toMatchObject({ code: 24 });
    await place.succeed("cutover");
    expect(await place.json("teardown", "--confirm", cluster)).toMatchObject({ code: 23 });
    place.ahead = 11 * 60_000;
    expect((await place.json<Status>("status")).json).toMatchObject({ phase: "teardown", held: [] });
    for (const name of [[], ["--confirm", "green-1-35"]])
      expect(await place.json("teardown", ...name)).toMatchObject({
        code: 25,
        json: { error: { fix: `clustershift teardown --confirm ${cluster}` } },
      });
    expect(await readdir(production.folder.path("control-planes"))).toEqual(["blue", "green-1-35"]);
  });

  it("teardown removes blue and nothing that green needs", async () => {
    await place.succeed("teardown", "--confirm", production.record.cluster);
    expect(await readdir(production.folder.path("control-planes"))).toEqual(["green-1-35"]);
    // Until now blue's own did it.
    expect(await actingOnGreen(production)).toEqual(atTeardown);
    // Nothing in the zone names blue: each name that moved has green's answer, in the form and with the TTL that blue's had.
    const { addresses: at } = production.record;
    const asBefore = JSON.stringify(production.before.records).replaceAll(`"${at.blue}"`, `"${at.green}"`);
    const { records, addresses: attached } = await production.snapshot();
    expect(JSON.stringify(records)).toBe(asBefore);
    expect(asBefore).not.toBe(JSON.stringify(production.before.records));
    expect(attached).toEqual(production.moved?.addresses.map(withoutMarks));
    expect(await production.answers("app", 50)).toEqual({ blue: 0, green: 50 });
    const { addresses, ports } = production.record;
    const answer = await fetch(`http://${addresses.green}:${ports.http}/`, { headers: { host: "app.acme.example" } });
    expect(answer.headers.get("x-served-by")).toBe("green");
  });

  it("then nothing leads back, and the run has ended", async () => {
    expect((await place.json<Status>("status")).json).toMatchObject({ phase: "finished", traffic: "green" });
    for (const command of ["rollback", "cutover", "migrate", "teardown"])
      expect(await place.json(command)).toMatchObject({ code: 27, json: { error: { code: "run-finished" } } });
  });

  it("the report tells it all", async () => {
    await place.succeed("report");
    const dir = await production.runDir();
    for (const file of ["report.md", "report.html"]) {
      const text = await readFile(join(dir, file), "utf8");
      for (const fact of ["Jo Berg", "Deployment.apps", "psp-no-successor", "workloads ready", "CHG-1234 says so"])
        expect({ file, fact, told: text.includes(fact) }).toEqual({ file, fact, told: true });
    }
    expect(await readFile(join(dir, "report.html"), "utf8")).not.toMatch(/<script|<link|src=/);
  });

  it("no Secret stands in clear in anything that was written", async () => {
    const secret = "AGE-SECRET-KEY-";
    const dir = await production.runDir();
    const identity = (await readFile(join(dir, "age-identity.txt"), "utf8")).match(/AGE-SECRET-KEY-\w+/)?.[0] ?? secret;
    const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
    for (const { parentPath, name } of files.filter((file) => file.name !== "age-identity.txt"))
      expect({ name, has: (await readFile(join(parentPath, name), "utf8")).includes(identity) }).toEqual({
        name,
        has: false,
      });
  });
}
