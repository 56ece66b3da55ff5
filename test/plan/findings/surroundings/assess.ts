import type { Faces } from "../../../../src/model/faces.js";
import type { Finding } from "../../../../src/model/finding.js";
import { assess } from "../../../../src/plan/findings/index.js";
import { quiet } from "../../quiet.js";

/** What the plan says of blue's surroundings, and nothing else. */
export function assessSurroundings(faces: Faces): Finding[] {
  return assess({ ...quiet, faces }).filter(({ area }) => area === "surroundings");
}
