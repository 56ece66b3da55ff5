import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { FileJournal } from "../../../src/run/journal.js";
import { bringVolumes } from "../../../src/volumes/bring.js";
import type { Bringing, VolumeTerms } from "../../../src/volumes/edges.js";
import { settleVolumes } from "../../../src/volumes/settle.js";
import { syncVolumes } from "../../../src/volumes/sync.js";
import { takeVolumesBack } from "../../../src/volumes/take-back.js";
import { open } from "../../replay/servers.js";
import { type Dies, dying } from "../cutover/dying.js";
import { cloudAt, quickClock } from "./world.js";

export type Does = "sync" | "bring" | "back" | "settle";

/** What a process does, and at which of its journal writes it dies: the first is 0. */
export interface Story {
  journal: string;
  endpoint: string;
  kubeconfig: string;
  does: Does;
  all: readonly Bringing[];
  terms: VolumeTerms;
  /** Path of the checksum's program. */
  lineage: string;
  dies?: Dies;
}

/** Moves volumes, or takes them back, in this process. Returns how often it wrote to the journal. */
export async function tell({
  journal: file,
  endpoint,
  kubeconfig,
  does,
  all,
  terms,
  lineage,
  dies,
}: Story): Promise<{ writes: number; failed: string[] }> {
  const own = await FileJournal.open(file, () => new Date());
  const before = own.entries().length;
  const journal = dying(own, dies);
  const cloud = cloudAt(endpoint);
  const green = await open(kubeconfig);
  const edges = { cloud, green, journal, clock: quickClock };
  const failed: string[] = [];
  try {
    if (does === "sync" || does === "bring") {
      const outcomes =
        does === "sync"
          ? await syncVolumes(
              all.map(({ planned }) => planned),
              terms,
              edges,
            )
          : await bringVolumes(all, terms, edges, {
              run: [process.execPath, lineage],
              timeoutMs: 60_000,
              dir: tmpdir(),
              env: { ...process.env, LINEAGE_ENDPOINT: endpoint },
            });
      failed.push(...outcomes.flatMap((each) => each.failed ?? []));
    } else if (does === "back") {
      const back = await takeVolumesBack(edges, { timeoutMs: 5_000, started: false });
      failed.push(...(back?.held.keys() ?? []));
    } else failed.push(...(await settleVolumes(terms, edges)).failed);
    return { writes: own.entries().length - before, failed };
  } finally {
    cloud.close();
    await green.close();
    await own.close();
  }
}

/** A process that kills itself by SIGKILL on the way, or is killed; it reads its story, one line of JSON, from its standard input. */
export async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    await tell(JSON.parse(line) as Story);
    process.exit(0);
  }
}
