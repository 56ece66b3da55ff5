import { randomInt } from "node:crypto";

/**
 * Random moments that can be had again: the seed is printed, and CLUSTERSHIFT_TEST_SEED sets it. The moments are those of
 * the seed; what the machine is doing at them is the machine's.
 */
export function seededRandom(what: string): () => number {
  const seed = Number(process.env.CLUSTERSHIFT_TEST_SEED ?? randomInt(2 ** 31));
  console.log(`${what}: CLUSTERSHIFT_TEST_SEED=${seed}`);
  let state = seed >>> 0;
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
