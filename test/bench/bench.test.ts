import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openCluster } from "../../bench/cluster.js";
import { cutoverFigure, leastCalls } from "../../bench/cutover.js";
import { exportFigure } from "../../bench/export.js";
import type { Bench, Figure, FigureResult } from "../../bench/figure.js";
import { figures } from "../../bench/index.js";
import { recordCallsFigure, recordTimeFigure } from "../../bench/records.js";
import { replayFigure } from "../../bench/replay.js";
import { figuresTable, notesOf } from "../../bench/table.js";
import { verifyFigure } from "../../bench/verify.js";
import { openTestAws } from "../aws/moto.js";

const { CLUSTERSHIFT_TEST_GREEN_KUBECONFIG: kubeconfig } = process.env;
const noServer = kubeconfig ? "" : " (skipped: CLUSTERSHIFT_TEST_GREEN_KUBECONFIG names no server)";
// Other tests keep this machine busy: this only bounds what hangs.
vi.setConfig({ testTimeout: 180_000 });

const sizes = {
  objects: 30,
  bytes: 200,
  rounds: 1,
  warmUp: false,
  records: 4,
  addresses: 2,
  zoneRecords: 3,
  restore: { objects: 10, rounds: 1 },
};
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clustershift-bench-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function benchWith(edges: Partial<Pick<Bench, "cluster" | "aws">>): Bench {
  const absent = () => Promise.reject(new Error("not what this figure measures with"));
  return { sizes, folder, cluster: absent, aws: absent, closing: () => {}, log: () => {}, ...edges };
}

/** What every figure promises to whoever reads it. */
function expectFigure({ id }: Figure, result: FigureResult, ours: number): void {
  expect(result.id).toBe(id);
  expect(result.rows.filter(({ role }) => role === "ceiling").map(({ ratio }) => ratio)).toEqual([1]);
  expect(result.rows.filter(({ role }) => role === "ours")).toHaveLength(ours);
  for (const { ratio, ratios, median, samples } of result.rows) {
    expect(samples).toHaveLength(sizes.rounds);
    for (const value of [ratio, median]) expect(Number.isFinite(value) && value > 0).toBe(true);
    expect(ratios.lowest).toBeLessThanOrEqual(ratio);
    expect(ratios.highest).toBeGreaterThanOrEqual(ratio);
  }
  expect(figuresTable([result]).rows).toHaveLength(result.rows.length);
  expect(notesOf([result])).toHaveLength(1 + result.notes.length);
}

describe("the figures", () => {
  it("are registered once each", () => {
    expect(figures.map(({ id }) => id).sort()).toEqual([
      "cutover",
      "export",
      "record-calls",
      "record-time",
      "replay",
      "velero",
      "verify",
    ]);
  });

  it("verify: a bundle is verified and read, decrypting", async () => {
    expectFigure(verifyFigure, await verifyFigure.run(benchWith({})), 2);
  });
});

describe.skipIf(!kubeconfig)(`the figures of a cluster${noServer}`, () => {
  it.each([exportFigure, replayFigure])(
    "$id: everything arrives, and the peer is there or named as missing",
    async (figure) => {
      const cluster = await openCluster(kubeconfig ?? "", false);
      try {
        const result = await figure.run(benchWith({ cluster: async () => cluster }));
        expectFigure(figure, result, 1);
        const peers = result.rows.filter(({ role }) => role === "peer");
        expect(result.notes.at(-1)).toMatch(peers.length > 0 ? /^kubectl v1\./ : /not measured|can't be measured/);
      } finally {
        await cluster.api.close();
      }
    },
  );
});

describe("the least calls of a cutover", () => {
  it.each([
    { of: { recordSets: 110, addresses: 3, steps: 4 }, list: 1, change: 5, describes: 1, associate: 6 },
    { of: { recordSets: 300, addresses: 0, steps: 1 }, list: 1, change: 2, describes: 0, associate: 0 },
    { of: { recordSets: 301, addresses: 1, steps: 1 }, list: 2, change: 2, describes: 1, associate: 2 },
  ])("of $of", ({ of, list, change, describes, associate }) => {
    expect(leastCalls(of)).toEqual({
      "route53/ListResourceRecordSets": list,
      "route53/ChangeResourceRecordSets": change,
      "route53/GetChange": change,
      "ec2/DescribeAddresses": describes,
      "ec2/AssociateAddress": associate,
    });
  });
});

const opened = await openTestAws();
describe.skipIf("missing" in opened)(
  `the figure of AWS${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`,
  () => {
    if ("missing" in opened) return;
    afterAll(() => opened.close());

    it("record-calls, record-time: all names answer green, in one run, and the peer is there or named as missing", async () => {
      const bench = benchWith({ aws: async () => opened.front });
      const calls = await recordCallsFigure.run(bench);
      const changed = opened.front.counts()["route53/ChangeResourceRecordSets"];
      const time = await recordTimeFigure.run(bench);
      expect(opened.front.counts()["route53/ChangeResourceRecordSets"]).toBe(changed);
      expectFigure(recordCallsFigure, calls, 1);
      expectFigure(recordTimeFigure, time, 1);
      expect(calls.rows.find(({ role }) => role === "ceiling")?.samples).toEqual([3]);
      const peers = calls.rows.filter(({ role }) => role === "peer");
      expect(calls.notes.at(-1)).toMatch(peers.length > 0 ? /^octoDNS \d/ : /^octoDNS was not measured/);
    });

    it("cutover: no effect is sent twice, and looking is all that we do beyond the least", async () => {
      const result = await cutoverFigure.run(benchWith({ aws: async () => opened.front }));
      expectFigure(cutoverFigure, result, 1);
      const ours = result.rows.find(({ role }) => role === "ours");
      expect(ours?.ratio).toBeGreaterThanOrEqual(1);
      const note = result.notes.find((line) => line.startsWith("ours: "));
      expect(note).toContain("5 ChangeResourceRecordSets");
      expect(note).toContain("4 AssociateAddress");
    });
  },
);
