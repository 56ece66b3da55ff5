import type { ShiftInput } from "../../../src/traffic/shift.js";
import type { Dies } from "../cutover/dying.js";

/** A cutover in a folder, whose record is kept as the configuration there says, and where it dies. */
export interface Story {
  dir: string;
  run: string;
  input: ShiftInput;
  dies?: Dies;
}
