import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take minutes go first: begun last, one of them would run alone while the other worker has nothing to do. */
class LongestFirst extends BaseSequencer {
  static readonly long = [
    "scenarios/production",
    "stacks/engine",
    "traffic/shift",
    "scenarios/sandbox",
    "package/pack",
  ];

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LongestFirst.long.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? LongestFirst.long.length : at;
    };
    // Stable: among the others vitest's own order stays.
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/harness/global-setup.ts"],
    // Some files signal and kill processes, and all may change their environment: each gets a process of its own.
    pool: "forks",
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // Real servers on a busy machine: these only bound what hangs. Nothing is measured by them.
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
