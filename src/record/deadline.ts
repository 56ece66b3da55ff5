import { setMaxListeners } from "node:events";

/** A signal that gives up after so many milliseconds, with words of its own. */
export function timeLimit(ms: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${ms / 1000} s`)), ms);
  timer.unref();
  // A whole record is read under one limit, many entries at a time.
  setMaxListeners(0, controller.signal);
  return controller.signal;
}
