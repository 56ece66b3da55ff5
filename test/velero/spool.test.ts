import { readdir, readFile, readlink } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Spool } from "../../src/velero/spool.js";
import { temporaryFolder } from "../kube/fake-server.js";

describe("the spool", () => {
  it("gives each piece back in any order, and has no name meanwhile", async () => {
    const folder = await temporaryFolder();
    const spool = await Spool.create(folder);
    const pieces = ["first", "", "ü".repeat(1000)].map((text) => Buffer.from(text));
    const places = [];
    for (const piece of pieces) places.push(await spool.add(piece));
    for (const [index, place] of [...places.entries()].reverse())
      expect(await spool.read(place)).toEqual(pieces[index]);
    expect(await readdir(folder)).toEqual([]);
    await spool.close();
  });

  // Linux alone shows a file that has no name.
  it.skipIf(process.platform !== "linux")("holds nothing readable", async () => {
    const folder = await temporaryFolder();
    const spool = await Spool.create(folder);
    await spool.add(Buffer.from("not-a-real-password"));
    const open = await readdir("/proc/self/fd");
    const targets = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")));
    const ours = open[targets.findIndex((target) => target.startsWith(folder))];
    const bytes = await readFile(`/proc/self/fd/${ours}`);
    expect(bytes.length).toBeGreaterThan(19);
    expect(bytes.includes("password")).toBe(false);
    await spool.close();
  });
});
