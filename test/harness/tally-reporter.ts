import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** Tests by how they ended. */
export interface Tally {
  passed: number;
  failed: number;
  /** By name, which says why. */
  skipped: string[];
}

/** Writes the tally of a run to the file that CLUSTERSHIFT_TEST_TALLY names. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tally: Tally = { passed: 0, failed: unhandled.length, skipped: [] };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        // Still pending at the end: what it waited for never came.
        const { state } = test.result();
        if (state === "skipped") tally.skipped.push(test.fullName);
        else tally[state === "pending" ? "failed" : state]++;
      }
      // A file that breaks before its first test, or a hook around tests that were fine themselves.
      tally.failed += module.errors().length;
      for (const suite of module.children.allSuites()) {
        tally.failed += suite.errors().length;
        // Where something lacks, it has no test at all.
        if (suite.state() === "skipped" && suite.children.size === 0) tally.skipped.push(suite.fullName);
      }
    }
    const file = process.env.CLUSTERSHIFT_TEST_TALLY;
    if (file) writeFileSync(file, JSON.stringify(tally));
  }
}
