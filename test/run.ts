import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Tally } from "./harness/tally-reporter.js";

/**
 * `npm test [-- ARGUMENTS OF VITEST]`: runs the tests, prints `N passed, N failed, N skipped` on a line of its own after
 * vitest's own words, and ends as vitest ended.
 */
async function main(argv: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "clustershift-tally-"));
  const file = join(folder, "tally.json");
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const reporter = fileURLToPath(new URL("./harness/tally-reporter.ts", import.meta.url));
  // The terminal sends Ctrl-C to vitest as well, and we end when it does.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  try {
    const args = [vitest, "run", "--reporter=default", `--reporter=${reporter}`, ...argv];
    const child = spawn(process.execPath, args, {
      stdio: "inherit",
      env: { ...process.env, CLUSTERSHIFT_TEST_TALLY: file },
    });
    const [code] = (await once(child, "exit")) as [number | null];
    // Where vitest never came to its end there is no tally, and that is a failure by itself.
    const text = await readFile(file, "utf8").catch(() => '{"passed":0,"failed":1,"skipped":[]}');
    const { passed, failed, skipped } = JSON.parse(text) as Tally;
    process.stdout.write(["", ...namesOf(skipped), ""].join("\n"));
    process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
    return code ?? 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** With nothing prepared there are hundreds. */
const mostNames = 20;

function namesOf(skipped: readonly string[]): string[] {
  const left = skipped.length - mostNames;
  return [
    ...skipped.slice(0, mostNames).map((name) => `skipped: ${name}`),
    ...(left > 0 ? [`and ${left} more that were skipped`] : []),
  ];
}

process.exitCode = await main(process.argv.slice(2));
