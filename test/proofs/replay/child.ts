import { readLive } from "../../../src/replay/live-source.js";
import { replay } from "../../../src/replay/replay.js";
import { standard } from "../../../src/replay/standard.js";
import { LedgerFile } from "../../../src/run/ledger-file.js";
import { RunFolder } from "../../../src/run/run-folder.js";
import { open } from "../../replay/servers.js";
import { recorded } from "./recorded.js";

/** A replay in a process of its own, to be killed: a line for each write, and at its end what it came to. */
const [blueFile = "", greenFile = "", folder = ""] = process.argv.slice(2);
const [blue, server] = await Promise.all([open(blueFile), open(greenFile)]);
const green = recorded(server, (object) => process.stdout.write(`wrote ${object}\n`));
const { resources } = await server.discover();
const ledger = LedgerFile.open(new RunFolder(folder, "run"));
const source = await readLive(blue, resources, standard.migrations);
const { accounting, unaccounted, writes } = await replay(source, standard, { green, ledger, concurrency: 8 });
await ledger.close();
process.stdout.write(`ended ${JSON.stringify({ total: accounting.total, unaccounted, writes })}\n`);
process.exit(0);
