import { writeFile } from "node:fs/promises";
import { findProof, listProofs, type Report } from "./proofs.js";

/**
 * `npm run proof -- NAME [--json FILE]` runs one named proof and prints its figures; it exits 0 only where the proof holds.
 * `npm run proof -- --list` names them all.
 */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--list")) {
    const proofs = await listProofs();
    for (const { name, summary } of proofs) console.log(`${name}\t${summary}`);
    if (proofs.length === 0) console.error("There are no proofs yet: add one to test/proofs/.");
    return 0;
  }
  const at = args.indexOf("--json");
  const file = at < 0 ? undefined : args[at + 1];
  const [name, ...rest] = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  if (name === undefined || rest.length > 0 || name.startsWith("-") || (at >= 0 && file === undefined)) {
    console.error("usage: npm run proof -- NAME [--json FILE], or npm run proof -- --list");
    return 2;
  }
  const proof = await findProof(name);
  if (!proof) {
    console.error(`There is no proof "${name}"; npm run proof -- --list names them.`);
    return 2;
  }
  const report: Report = (line) => console.error(`${name}: ${line}`);
  const began = performance.now();
  const { holds, figures } = await proof.run(report);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const text = `${JSON.stringify({ proof: name, holds, seconds, figures }, null, 2)}\n`;
  process.stdout.write(text);
  if (file !== undefined) await writeFile(file, text);
  console.error(`${name}: ${holds ? "holds" : "DOES NOT HOLD"}`);
  return holds ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  return 1;
});
