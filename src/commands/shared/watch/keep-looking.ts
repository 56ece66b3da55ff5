import { messageOf } from "../../../model/errors.js";
import type { Look } from "../../../model/watch.js";
import type { Context } from "../command.js";

/** Something that is looked at in the background, as it was seen last. */
export interface Lookout<T> {
  latest(): Look<T>;
  /** Once it was looked at for the first time, whatever came of it. */
  readonly first: Promise<void>;
}

/** After trouble it is looked at ever less often, down to this. */
const longestPauseMs = 60_000;

/**
 * Looks at something until the signal. One that shows nothing is told of and tried again: no trouble ends it.
 *
 * @param pauseMs between the end of a look and the next one's beginning
 */
export function keepLooking<T>(
  look: () => Promise<T>,
  pauseMs: () => number,
  { edges }: Context,
  signal: AbortSignal,
): Lookout<T> {
  let seen: Look<T> = { at: null, value: null, trouble: null };
  let troubles = 0;
  const once = async (): Promise<void> => {
    try {
      const value = await look();
      seen = { at: edges.now().toISOString(), value, trouble: null };
      troubles = 0;
    } catch (error) {
      seen = { ...seen, trouble: messageOf(error) };
      troubles++;
    }
  };
  const first = once();
  const loop = async (): Promise<void> => {
    await first;
    while (!signal.aborted) {
      const pause = pauseMs();
      const longer = Math.min(longestPauseMs, pause * 2 ** Math.min(troubles, 6));
      await edges.sleep(Math.max(pause, longer), signal);
      await once();
    }
  };
  // Only the signal ends the sleep early.
  loop().catch(() => undefined);
  return { latest: () => seen, first };
}
