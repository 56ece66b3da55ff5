import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** Tests by how they ended. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Writes the tally of a run to the file that CLUSTERSHIFT_TEST_TALLY names. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tally: Tally = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        // Still pending at the end: what it waited for never came.
        const { state } = test.result();
        tally[state === "pending" ? "failed" : state]++;
      }
      // A file that breaks before its first test, or a hook around tests that were fine themselves.
      tally.failed += module.errors().length;
      for (const suite of module.children.allSuites()) tally.failed += suite.errors().length;
    }
    const file = process.env.CLUSTERSHIFT_TEST_TALLY;
    if (file) writeFileSync(file, JSON.stringify(tally));
  }
}
