import { writeFile } from "node:fs/promises";
import { arch, cpus, platform } from "node:os";
import { parseArgs } from "node:util";
import { messageOf } from "../src/model/errors.js";
import { textTable } from "../src/report/tables.js";
import type { FigureResult, Sizes } from "./figure.js";
import { figures } from "./index.js";
import { openBench } from "./servers.js";
import { figuresTable, notesOf, ownTablesOf } from "./table.js";

const usage = `usage: npm run bench -- [--quick] [--objects N] [--bytes N] [--rounds N] [--json FILE] [--only ID,ID | ID …]
${figures.map(({ id, what }) => `  ${id.padEnd(12)} ${what}`).join("\n")}
`;
const usual: Sizes = {
  objects: 2_000,
  bytes: 1_024,
  rounds: 5,
  warmUp: true,
  records: 100,
  addresses: 3,
  zoneRecords: 500,
  restore: { objects: 1_000, rounds: 1 },
};
const quick: Sizes = {
  ...usual,
  objects: 100,
  rounds: 1,
  warmUp: false,
  records: 10,
  addresses: 1,
  zoneRecords: 20,
  restore: { objects: 100, rounds: 1 },
};

/** `npm run bench`: docs/benchmarks.md says how to read what it prints. */
async function main(): Promise<number> {
  // The AWS SDK's notice about Node 20, as in the command itself.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const asked = readArguments();
  if (!asked) {
    process.stderr.write(usage);
    return 2;
  }
  const bench = await openBench(asked.sizes, (line) => process.stderr.write(`bench: ${line}\n`));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void bench.close().finally(() => process.exit(130)));
  }
  const results: FigureResult[] = [];
  try {
    for (const figure of asked.figures) results.push(await figure.run(bench));
  } finally {
    await bench.close();
  }
  const parts = [textTable(figuresTable(results)), notesOf(results).join("\n"), ...ownTablesOf(results)];
  process.stdout.write(`${parts.join("\n\n")}\n`);
  if (asked.json) {
    const machine = { platform: platform(), arch: arch(), cpus: cpus().length, model: cpus()[0]?.model ?? "unknown" };
    const document = { format: 1, machine, node: process.version, sizes: asked.sizes, figures: results };
    await writeFile(asked.json, `${JSON.stringify(document, null, 2)}\n`);
  }
  return 0;
}

/** Undefined where it can't be understood. */
function readArguments() {
  try {
    const number = { type: "string" } as const;
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: "boolean", default: false },
        objects: number,
        bytes: number,
        rounds: number,
        only: { type: "string" },
        json: { type: "string" },
      },
    });
    const sizes = { ...(values.quick ? quick : usual) };
    for (const name of ["objects", "bytes", "rounds"] as const) {
      const text = values[name];
      if (text === undefined) continue;
      if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`--${name} ${text} is no whole number from 1 on`);
      sizes[name] = Number(text);
      if (name !== "bytes") sizes.restore = { ...sizes.restore, [name]: Number(text) };
    }
    const named = [...(values.only?.split(",") ?? []), ...positionals];
    const wanted = named.length > 0 ? named : figures.map(({ id }) => id);
    const unknown = wanted.find((id) => !figures.some((figure) => figure.id === id));
    if (unknown !== undefined) throw new Error(`there is no figure ${unknown}`);
    return { sizes, figures: figures.filter(({ id }) => wanted.includes(id)), json: values.json };
  } catch (error) {
    process.stderr.write(`bench: ${messageOf(error)}\n`);
    return undefined;
  }
}

process.exit(
  await main().catch((error: unknown) => {
    process.stderr.write(`bench: ${messageOf(error)}\n`);
    return 1;
  }),
);
