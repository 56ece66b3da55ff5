import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/harness/global-setup.ts"],
    // Some files signal and kill processes, and all may change their environment: each gets a process of its own.
    pool: "forks",
    maxWorkers: 2,
    // Real servers on a busy machine: these only bound what hangs. Nothing is measured by them.
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
