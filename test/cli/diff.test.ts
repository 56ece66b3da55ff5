import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { exitCodes } from "../../src/model/exit-codes.js";
import type { KubeObject } from "../../src/model/objects.js";
import { RunFolder } from "../../src/run/run-folder.js";
import { object } from "../replay/objects.js";
import { Hand, open, servers, why } from "../replay/servers.js";
import { soundEvidence } from "../run/evidence.js";
import { configuredPlace } from "./place.js";

describe.skipIf(!servers)(`diff between real servers${why}`, () => {
  const { blueFile, greenFile } = servers ?? { blueFile: "", greenFile: "" };
  const namespace = "explain-and-diff";
  const hands: Hand[] = [];
  const objects: KubeObject[] = [
    object(`v1 Namespace ${namespace}`),
    object(`v1 ConfigMap ${namespace}/same`, { data: { a: "1" } }),
    object(`v1 ConfigMap ${namespace}/changed`, { data: { a: "1", b: "2" } }),
    object(`v1 ConfigMap ${namespace}/missing`, { data: { a: "1" } }),
    object(`v1 Secret ${namespace}/secret`, { data: { p: "aHVudGVyMg==" } }),
  ];

  beforeAll(async () => {
    for (const file of [blueFile, greenFile]) hands.push(new Hand(await open(file)));
    const [blue, green] = hands;
    for (const each of objects) {
      await blue?.write(each);
      if (each.metadata.name !== "missing") await green?.write(each);
    }
    await green?.write(object(`v1 ConfigMap ${namespace}/changed`, { data: { a: "1", b: "3" } }));
    await green?.write(object(`v1 Secret ${namespace}/secret`, { data: { p: "c2VjcmV0" } }));
  });

  afterAll(async () => {
    for (const hand of hands) {
      await hand.remove(object(`v1 Namespace ${namespace}`));
      await hand.server.close();
    }
  });

  async function placeBetween() {
    const place = await configuredPlace(blueFile, {});
    const file = join(place.dir, "clustershift.yaml");
    const config = parse(await readFile(file, "utf8"));
    config.blue.context = contextOf(blueFile);
    // Others' runs are kept in these servers, and may be newer.
    config.record = { green: false };
    await writeFile(file, stringify(config));
    const { plan, green } = soundEvidence();
    const run = new RunFolder(join(place.dir, "runs"), plan.run);
    await mkdir(run.dir, { recursive: true });
    await run.write("plan.json", plan);
    await run.write("green.json", { ...green, kubeconfig: greenFile, context: contextOf(greenFile) });
    return place;
  }

  it("names what differs by its JSON pointers, in every form, and ends with a code of its own", async () => {
    const place = await placeBetween();
    const selected = ["diff", "--live", "--namespace", namespace, "--kind", "ConfigMap", "--kind", "secret"];
    const files = ["--html", "diff.html", "--junit", "diff.xml"];
    const { code, stdout, stderr } = await place.run([...selected, "--output", "json", ...files]);
    expect(stderr).not.toContain("error");
    expect(code).toBe(exitCodes.differs.code);
    const { comparison } = JSON.parse(stdout);
    expect(comparison.kinds).toEqual({ ConfigMap: 3, Secret: 1 });
    expect(comparison.parity.compared).toBe(4);
    const found = comparison.parity.differences.map(
      (each: { object: { name: string }; kind: string; fields: unknown }) => [each.object.name, each.kind, each.fields],
    );
    expect(found.sort()).toEqual([
      ["changed", "different", [{ path: "/data/b", blue: "2", green: "3" }]],
      ["missing", "missing", []],
      ["secret", "different", [{ path: "/data/p", blue: "(hidden)", green: "(hidden)" }]],
    ]);

    const html = await readFile(join(place.dir, "diff.html"), "utf8");
    expect(html).toContain(`<td>ConfigMap ${namespace}/changed</td><td>different</td><td>/data/b</td>`);
    expect(html).not.toMatch(/<script|src=|https?:/);
    const junit = await readFile(join(place.dir, "diff.xml"), "utf8");
    expect(junit).toMatch(/<testsuite name="clustershift diff"[^>]* tests="2" failures="2"/);
    for (const text of [stdout, html, junit]) expect(text).not.toMatch(/aHVudGVyMg|c2VjcmV0/);

    const text = await place.run(selected);
    expect(text.code).toBe(exitCodes.differs.code);
    expect(text.stdout).toMatch(/ConfigMap explain-and-diff\/changed: different\n {4}\/data\/b: "2" -> "3"\n/);
    expect(text.stdout).toMatch(/4 objects compared: 3 differ/);
  });

  it("is content with what is as it should be, and with nothing else", async () => {
    const place = await placeBetween();
    const same = await place.run(["diff", "--live", "--namespace", namespace, "--kind", "Namespace"]);
    expect(same).toMatchObject({ code: 0, stdout: expect.stringMatching(/1 objects compared: 0 differ/) });
    const none = await place.run(["diff", "--live", "--namespace", "no-such-namespace-anywhere"]);
    expect(none).toMatchObject({ code: exitCodes.usage.code, stderr: expect.stringMatching(/Nothing was compared/) });
  });

  it("has its reasons explained by what both servers say of themselves", async () => {
    const place = await placeBetween();
    const { code, stdout } = await place.run(["explain", `${namespace}/ConfigMap/changed`]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/from blue \(blue\.acme\.example\) to green, Kubernetes v1\.35/);
    expect(stdout).toMatch(/\nstrip +server-metadata\n[^\n]+\n@@ /);
  });
});

function contextOf(kubeconfig: string): string {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config.getCurrentContext();
}
