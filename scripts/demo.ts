import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { playDemo } from "./demo/play.js";
import { summaryTable } from "./demo/summary.js";

/** `npm run demo [-- --summary FILE]` */
const args = process.argv.slice(2);
const at = args.indexOf("--summary");
const file = at < 0 ? undefined : args[at + 1];
if (args.length > (at < 0 ? 0 : 2) || (at >= 0 && !file)) {
  process.stderr.write("usage: npm run demo [-- --summary FILE]\n");
  process.exit(2);
}
const { summary, report, problems } = await playDemo(process.env);
process.stdout.write(`\n${summaryTable(summary)}\n\nReport: ${report}\n`);
if (file) await writeFile(resolve(file), `${JSON.stringify(summary, null, 2)}\n`);
for (const problem of problems) process.stderr.write(`NOT as it should be: ${problem}\n`);
process.exit(problems.length === 0 ? 0 : 1);
