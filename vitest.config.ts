import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Rooms whose tests set the Pulumi SDK's own state, or run whole commands and proofs beside their own servers. */
const alone = "{package,proofs,scenarios,stacks}";

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
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const at = LongestFirst.long.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      // A process that is shared ends where the next file isn't of its kind: one kind after the other.
      return at < 0 ? LongestFirst.long.length + (project.name === "alone" ? 0 : 1) : at;
    };
    // Stable: among the others vitest's own order stays.
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    globalSetup: ["test/harness/global-setup.ts"],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...common(),
          name: "alone",
          include: [`test/${alone}/**/*.test.ts`],
        },
      },
      {
        test: {
          ...common(),
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: [`test/${alone}/**`],
          // A process runs one file after another: what they import is read once, which is a fifth of a whole run.
          isolate: false,
        },
      },
    ],
  },
});

function common() {
  return {
    pool: "forks",
    // Real servers on a busy machine: these only bound what hangs. Nothing is measured by them.
    testTimeout: 60_000,
    hookTimeout: 300_000,
  } as const;
}
