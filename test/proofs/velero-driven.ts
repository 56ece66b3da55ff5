import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Proof } from "../../scripts/proofs.js";
import { ensureBinaries } from "../../src/sandbox/binaries/ensure.js";
import { describeBinaryEvent } from "../../src/sandbox/binaries/progress.js";

const scenarios = "test/scenarios/velero";
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");

/** As vitest's own JSON reporter writes it. */
interface Results {
  numPassedTests: number;
  numTotalTests: number;
  testResults: {
    assertionResults: { title: string; status: string; duration?: number; failureMessages: string[] }[];
  }[];
}

export const proof: Proof = {
  name: "velero-driven",
  summary: "The real Velero backs up a 1.24.17 and restores volumes on a 1.35.4 by our commands alone, killed or not.",
  async run(report) {
    await ensureBinaries(["velero", "velero-plugin-for-aws"], {
      onProgress: (event) => report(describeBinaryEvent(event)),
    });
    const dir = await mkdtemp(join(tmpdir(), "clustershift-velero-driven-"));
    try {
      const file = join(dir, "results.json");
      const args = [vitest, "run", scenarios, "--reporter=json", `--outputFile=${file}`];
      const env = { ...process.env, CLUSTERSHIFT_TEST_VELERO: "1" };
      const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"], env });
      await once(child, "exit");
      const { numPassedTests, numTotalTests, testResults } = JSON.parse(await readFile(file, "utf8")) as Results;
      const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
      for (const { title, status, failureMessages } of tests)
        report([`${status}: ${title}`, ...failureMessages].join("\n"));
      return {
        holds: numTotalTests > 0 && numPassedTests === numTotalTests,
        figures: {
          passed: numPassedTests,
          tests: tests.map(({ title, status, duration = 0 }) => ({
            title,
            status,
            seconds: Math.round(duration / 1000),
          })),
        },
      };
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};
