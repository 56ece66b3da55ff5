import type { Readable, Writable } from "node:stream";

/** Everything of the world that commands may use: handed in, so that a test can hand in its own. */
export interface Edges {
  stdout: Writable;
  stderr: Writable;
  stdin: Readable;
  /** True where stderr is a terminal that a person watches. */
  terminal: boolean;
  /** Standard output, where it is a terminal that can be drawn on. */
  screen?: Screen;
  env: NodeJS.ProcessEnv;
  cwd: string;
  now(): Date;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  random(): number;
  /** Aborted by the first Ctrl-C or SIGTERM: effects stop between two steps. */
  signal: AbortSignal;
  /** Asks on a terminal; undefined where there is nobody to ask. */
  ask?: (question: string) => Promise<string>;
}

export interface Screen {
  /** In characters, now. */
  size(): { columns: number; rows: number };
  /** Calls back whenever the size is another one, until the returned function is called. */
  onResize(changed: () => void): () => void;
}
