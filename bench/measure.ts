/** What a contender is compared as: the least that anybody could take, ourselves, or what people use instead of us. */
export type Role = "ceiling" | "ours" | "peer";

/** One way of doing a figure's work. */
export interface Contender {
  name: string;
  role: Role;
  /**
   * Does the work once and returns what it took, in the figure's unit. What comes before and after (a fresh namespace, the
   * proof that all of it arrived) is done here too, and not counted. Throws where the work wasn't done whole: what fails
   * early must not look fast.
   */
  run(): Promise<number>;
}

export interface Row {
  name: string;
  role: Role;
  /** In the figure's unit. */
  median: number;
  /** Median, over the rounds, of this contender's value to the ceiling's of the same round: 1 is as good as it gets. */
  ratio: number;
  /** The least and the greatest of those ratios: how noisy the machine was. */
  ratios: { lowest: number; highest: number };
  /** Round by round. */
  samples: number[];
}

export interface MeasureOptions {
  rounds: number;
  /** Everybody once before, uncounted: code is compiled, connections stand and caches are filled. */
  warmUp: boolean;
  onSample?: (name: string, round: number, value: number) => void;
}

/**
 * Runs the contenders in turn, round by round, each round beginning with another one: what else the machine does meets all of
 * them alike, and a ratio only ever compares neighbours in time.
 */
export async function measure(contenders: readonly Contender[], options: MeasureOptions): Promise<Row[]> {
  const samples = contenders.map((): number[] => []);
  for (let round = options.warmUp ? 0 : 1; round <= options.rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (round + turn) % contenders.length;
      const contender = contenders[index];
      if (!contender) continue;
      const value = await contender.run();
      if (round === 0) continue;
      samples[index]?.push(value);
      options.onSample?.(contender.name, round, value);
    }
  }
  return rowsOf(contenders.map(({ name, role }, index) => ({ name, role, samples: samples[index] ?? [] })));
}

/** @throws Error unless there is one ceiling, and every contender has a sample of each round */
export function rowsOf(measured: readonly Pick<Row, "name" | "role" | "samples">[]): Row[] {
  const ceilings = measured.filter(({ role }) => role === "ceiling");
  const [ceiling] = ceilings;
  if (!ceiling || ceilings.length > 1) throw new Error(`a figure has one ceiling, and not ${ceilings.length}`);
  return measured.map(({ name, role, samples }) => {
    if (samples.length === 0 || samples.length !== ceiling.samples.length) {
      throw new Error(`${name} has ${samples.length} rounds, and its ceiling ${ceiling.samples.length}`);
    }
    const ratios = samples.map((value, round) => value / (ceiling.samples[round] ?? Number.NaN));
    return {
      name,
      role,
      median: median(samples),
      ratio: median(ratios),
      ratios: { lowest: Math.min(...ratios), highest: Math.max(...ratios) },
      samples,
    };
  });
}

/** @throws Error where there are none */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [upper, lower] = [sorted[middle], sorted[sorted.length % 2 === 0 ? middle - 1 : middle]];
  if (upper === undefined || lower === undefined) throw new Error("the median of nothing");
  return (upper + lower) / 2;
}

/** Milliseconds that the work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
