import { messageOf } from "../model/errors.js";
import { timeLimit } from "./deadline.js";
import { addPieces, piecesOf, Superseded } from "./pieces.js";
import { putState } from "./state-copies.js";
import type { RecordStore } from "./store.js";

export interface MirrorEdges {
  /** Milliseconds that an effect waits for its intent's copy, and that one answer of a store may take. */
  deadlineMs: number;
  /** Milliseconds of a clock that only goes forward. */
  monotonic(): number;
  /** Told once when a store falls behind, and once when it has caught up. */
  onChange(store: string, trouble: string | undefined): void;
}

/** A store that fell behind is tried again so many milliseconds later, in the background. */
const pauseMs = 15_000;
/** What needn't be there before the next effect is written together. */
const batchMs = 500;

/**
 * Keeps one run's record in one store, line by line. A store that doesn't answer costs one deadline and never stops the work:
 * from then on it is behind, and gets what it lacks when it answers again.
 */
export class Mirror {
  readonly #store: RecordStore;
  readonly #run: string;
  readonly #edges: MirrorEdges;
  /** Bytes of the journal that the store has; undefined before it was asked. */
  #copied: number | undefined;
  /** What it lacks: from `#from` on. */
  #lines: Buffer[];
  #from = 0;
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #behindSince: number | undefined;
  #superseded: Superseded | undefined;

  /** `journal`: its bytes as they are on disk. `silent`: the store gave no answer just now, and is behind from the start. */
  constructor(store: RecordStore, run: string, journal: Buffer, edges: MirrorEdges, silent = false) {
    this.#store = store;
    this.#run = run;
    this.#edges = edges;
    this.#lines = [journal];
    if (silent) this.#behindSince = edges.monotonic();
  }

  get store(): string {
    return this.#store.name;
  }

  /** A line that is on disk. `urgent`: resolves once it is copied, or once the store is given up for now. */
  async add(line: Buffer, urgent: boolean): Promise<void> {
    this.#lines.push(line);
    if (this.#superseded) throw this.#superseded;
    if (this.#behindSince !== undefined) {
      if (this.#edges.monotonic() - this.#behindSince > pauseMs) {
        this.#behindSince = this.#edges.monotonic();
        void this.#flush();
      }
    } else if (urgent) {
      await this.flush();
    } else {
      this.#timer ??= setTimeout(() => void this.#flush(), batchMs).unref();
    }
  }

  /** Everything so far, within the deadline; nothing where the store is behind. @throws Superseded */
  async flush(): Promise<void> {
    if (this.#behindSince !== undefined) return;
    let ended = false;
    const flushed = this.#flush().then(() => {
      ended = true;
    });
    const limit = timeLimit(this.#edges.deadlineMs);
    const late = new Promise<void>((done) => limit.addEventListener("abort", () => done(), { once: true }));
    await Promise.race([flushed, late]);
    if (!ended) this.#fellBehind(`no answer within ${this.#edges.deadlineMs / 1000} s`);
    if (this.#superseded) throw this.#superseded;
  }

  /** State files, where the store has others. False where it can't be reached, or has another journal. */
  async putState(files: ReadonlyMap<string, string>): Promise<boolean> {
    if (this.#behindSince !== undefined || this.#superseded) return false;
    try {
      const { deadlineMs } = this.#edges;
      const names = await this.#store.names(this.#run, timeLimit(deadlineMs));
      const known = new Map(names.map(({ name, md5 }) => [name, md5]));
      await putState(this.#store, this.#run, files, known, deadlineMs);
      return true;
    } catch (error) {
      this.#fellBehind(messageOf(error));
      return false;
    }
  }

  /** The last of it, within the deadline; nothing is thrown. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.flush().catch(() => undefined);
  }

  /** One at a time; whoever comes while one is under way waits for the next. Never rejects. */
  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const next = (this.#flushing ?? Promise.resolve()).then(() => this.#write());
    this.#flushing = next;
    return next;
  }

  async #write(): Promise<void> {
    if (this.#superseded) return;
    try {
      this.#copied ??= await this.#sizeThere();
      this.#skipTo(this.#copied);
      const bytes = Buffer.concat(this.#lines);
      if (bytes.length > 0) {
        const { deadlineMs } = this.#edges;
        this.#copied = await addPieces(this.#store, this.#run, this.#copied, bytes, deadlineMs);
        this.#skipTo(this.#copied);
      }
      if (this.#behindSince !== undefined) {
        this.#behindSince = undefined;
        this.#edges.onChange(this.#store.name, undefined);
      }
    } catch (error) {
      if (error instanceof Superseded) this.#superseded = error;
      else this.#fellBehind(messageOf(error));
    }
  }

  /** How many bytes are there without a gap, once the last piece was seen to be ours. */
  async #sizeThere(): Promise<number> {
    const { deadlineMs } = this.#edges;
    const names = await this.#store.names(this.#run, timeLimit(deadlineMs));
    const { last } = piecesOf(names);
    if (!last) return 0;
    const there = await this.#store.get(this.#run, last.name, timeLimit(deadlineMs));
    const ours = Buffer.concat(this.#lines).subarray(last.offset - this.#from, last.end - this.#from);
    if (!there?.bytes.equals(ours)) throw new Superseded(this.#store.name, last.offset);
    return last.end;
  }

  #skipTo(offset: number): void {
    const bytes = Buffer.concat(this.#lines);
    this.#lines = [bytes.subarray(offset - this.#from)];
    this.#from = offset;
  }

  #fellBehind(why: string): void {
    const known = this.#behindSince !== undefined;
    this.#behindSince = this.#edges.monotonic();
    if (!known) this.#edges.onChange(this.#store.name, why);
  }
}
