import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cutConnection, pendingLooks, priorRequestNotComplete, throttle } from "../../../src/sandbox/aws/faults.js";
import {
  allowed,
  edited,
  moved,
  overwriting,
  type Reproduction,
  reconfigure,
  type Stage,
  verdict,
} from "./reproductions.js";

/** How a row of "While it moves" comes about. */
export interface MovingFault extends Reproduction {
  /** How the cutover, or what is tried instead, ends. */
  code: number;
  /** What a person sees of it; undefined where nothing shows but that it takes longer. */
  says?: RegExp;
}

const change = "ChangeResourceRecordSets";
const fault =
  (...faults: Stage["front"]["faults"]) =>
  ({ front }: Stage): void =>
    void front.faults.push(...faults);
const nothingToDo = { watch: { argv: ["watch", "--once", "--queries", "0"] } };
const stop = () => {
  const controller = new AbortController();
  const onLine = (line: string): void => {
    if (line.includes("holding")) controller.abort("SIGINT");
  };
  return { signal: controller.signal, onLine };
};

/** By the bold name of the row. */
export const faults: Record<string, MovingFault> = {
  throttled: {
    make: fault(throttle({ action: change, times: 3 }), priorRequestNotComplete({ times: 2 })),
    ...{ argv: ["cutover"], code: 0, runs: nothingToDo },
  },
  "not in sync": {
    make: fault(pendingLooks(() => Number.POSITIVE_INFINITY)),
    ...{ argv: ["cutover"], code: 5, says: /is still PENDING after 15 minutes/, mend: allowed },
  },
  "cut off": {
    make: fault(cutConnection({ action: change, when: "before", times: 100 })),
    ...{ argv: ["cutover"], code: 37, says: /failed: /, mend: allowed },
  },
  gone: { ...{ argv: ["cutover"], code: 130, says: /holding for/ }, options: stop() },
  drifted: {
    make: async (stage) => {
      await moved(stage);
      await edited(stage);
    },
    ...{
      argv: ["rollback"],
      code: 35,
      says: /was changed by somebody else; nothing more was written/,
      runs: { "rollback --overwrite TARGET": overwriting },
    },
  },
  held: {
    make: async (stage) => {
      await verdict(2)(stage);
      await reconfigure(stage, (config) => ({
        ...config,
        traffic: { ...config.traffic, inconclusiveFor: "2m" },
      }));
    },
    ...{ argv: ["cutover"], code: 34, says: /check inconclusive, held for 2m/, mend: verdict(0) },
  },
  silent: {
    make: async (stage) => {
      await writeFile(join(stage.place.dir, "hook"), "http://127.0.0.1:9/\n");
      const sinks = [{ name: "team", kind: "webhook", url: { file: "hook" } }];
      await reconfigure(stage, (config) => ({ ...config, notify: { sinks } }));
    },
    ...{ argv: ["cutover"], code: 0, says: /team/ },
    runs: { announce: { argv: ["announce"] } },
  },
  behind: {
    make: (stage) => reconfigure(stage, (config) => ({ ...config, record: { green: false, bucket: "runbook-none" } })),
    ...{ argv: ["cutover"], code: 0, says: /the record's copy in s3:\/\/runbook-none\/.* is behind/ },
  },
};

/** Why a row isn't reproduced here, and what tries it instead. */
export const faultsElsewhere: Record<string, string> = {
  "address taken":
    "This world has no addresses: test/traffic/targets/elastic-ip/record.test.ts and test/proofs/cutover-unsafe.ts try it.",
  "zone share": "It is a section of its own, 55, and tried there.",
};
