import { describeBinaryEvent, type OnBinaryEvent } from "../../sandbox/binaries/progress.js";
import type { Context } from "./command.js";

export const sandboxName = {
  name: { type: "string", default: "default", describe: "The sandbox's name; several can run at once." },
} as const;

/** Binary events as lines: what is being built, and how long that took before. */
export function binaryLines({ progress }: Context): OnBinaryEvent {
  return (event) => progress.line(describeBinaryEvent(event));
}
