import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf, UserError } from "../src/model/errors.js";
import { playDemo } from "./demo/play.js";
import { summaryText } from "./demo/summary.js";

/** `npm run demo [-- --summary FILE]`. Exits with 0 only where everything was as it promises. */
const args = process.argv.slice(2);
const at = args.indexOf("--summary");
const file = at < 0 ? undefined : args[at + 1];
if (args.length > (at < 0 ? 0 : 2) || (at >= 0 && !file)) {
  process.stderr.write("usage: npm run demo [-- --summary FILE]\n");
  process.exit(2);
}
const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(name));

try {
  const { summary, report, problems } = await playDemo(process.env, stop.signal);
  process.stdout.write(`\n${summaryText(summary)}\n\nReport: ${report}\n`);
  if (file) await writeFile(resolve(file), `${JSON.stringify(summary, null, 2)}\n`);
  for (const problem of problems) process.stderr.write(`NOT as it should be: ${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} catch (error) {
  const fix = error instanceof UserError ? `\n  -> ${error.fix}` : "";
  process.stderr.write(
    stop.signal.aborted
      ? "\nStopped. Nothing is left running; `npm run demo` begins anew, with the programs that are built.\n"
      : `\nThe demo can't go on: ${messageOf(error)}${fix}\n`,
  );
  process.exitCode = stop.signal.aborted ? 130 : 1;
}
