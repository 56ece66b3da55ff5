import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { AwsFront, Seen } from "../../../src/sandbox/aws/front.js";
import { bundle } from "../../harness/bundle.js";
import { isEffect } from "./effects.js";

/**
 * A moment of a story: before or after its nth write to the journal, or its nth effect. An effect's are those of the emulator,
 * where the process is killed while it waits for the answer: its request had come and nothing was done, or it was done and nobody
 * was told.
 */
export interface Moment {
  at: "write" | "effect";
  when: "before" | "after";
  index: number;
}

export function describeMoment({ at, when, index }: Moment): string {
  return `${when} ${at} ${index + 1}`;
}

const usual = fileURLToPath(new URL("./child.ts", import.meta.url));

/** Starts processes ahead, of a program that reads its story from standard input: each takes a while to load, and one is used only once. */
export async function nursery(ahead: number, program = usual) {
  const bundled = await bundle(program);
  const waiting: ChildProcess[] = [];
  // Its notice about Node 20 would be said by each.
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
  const start = () => spawn(process.execPath, [bundled.file], { stdio: ["pipe", "ignore", "inherit"], env });
  const fill = () => {
    while (waiting.length < ahead) waiting.push(start());
  };
  fill();
  return {
    take(): ChildProcess {
      const child = waiting.shift() ?? start();
      fill();
      return child;
    },
    async close(): Promise<void> {
      for (const child of waiting.splice(0)) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      await bundled.remove();
    },
  };
}
export type Nursery = Awaited<ReturnType<typeof nursery>>;

/** Runs a story in a real process that is killed by SIGKILL at that moment; it does so itself where `dies` names a write to the journal. @throws Error where it ended otherwise */
export async function runAndKill(front: AwsFront, children: Nursery, story: object, moment: Moment): Promise<void> {
  const child = children.take();
  const exited = once(child, "exit") as Promise<[code: number | null, signal: string | null]>;
  const { at, when, index } = moment;
  const stop = at === "effect" ? killAtEffect(front, child, when, index) : () => {};
  try {
    const dies = at === "write" ? { when, write: index } : undefined;
    child.stdin?.end(`${JSON.stringify({ ...story, ...(dies && { dies }) })}\n`);
    const [code, signal] = await exited;
    if (signal !== "SIGKILL") throw new Error(`${describeMoment(moment)}: the process ended by itself with ${code}`);
  } finally {
    stop();
  }
}

/** Kills a process at one of its effects, counted from 0. Returns what ends the watch. */
export function killAtEffect(front: AwsFront, child: ChildProcess, when: Moment["when"], index: number): () => void {
  let effects = 0;
  const isTheOne = (seen: Pick<Seen, "request">) => isEffect(seen) && effects++ === index;
  const faults = [...front.faults];
  const observers = [...front.observers];
  if (when === "before") {
    front.faults.unshift((request) => {
      if (!isTheOne({ request })) return undefined;
      child.kill("SIGKILL");
      return { kind: "cut", when: "before" };
    });
  } else {
    front.observers.push((seen) => {
      if (seen.ending === "done" && isTheOne(seen)) child.kill("SIGKILL");
    });
  }
  return () => {
    front.faults.splice(0, front.faults.length, ...faults);
    front.observers.splice(0, front.observers.length, ...observers);
  };
}
