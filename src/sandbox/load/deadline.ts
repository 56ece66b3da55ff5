/**
 * Calls `late` after `ms` milliseconds unless it's cleared first. When this process itself was held up, timers run before
 * sockets are read: an answer that's already there is let in before anybody is called late.
 * @returns clears it
 */
export function deadline(ms: number, late: () => void): () => void {
  let last: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    last = setImmediate(late);
  }, ms);
  return () => {
    clearTimeout(timer);
    if (last) clearImmediate(last);
  };
}
