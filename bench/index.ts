import { cutoverFigure } from "./cutover.js";
import { exportFigure } from "./export.js";
import type { Figure } from "./figure.js";
import { recordCallsFigure, recordTimeFigure } from "./records.js";
import { replayFigure } from "./replay.js";
import { veleroFigure } from "./velero/figure.js";
import { verifyFigure } from "./verify.js";

/** Everything that is measured, in the order of the lifecycle. Register a new one here. */
export const figures: readonly Figure[] = [
  exportFigure,
  verifyFigure,
  replayFigure,
  veleroFigure,
  cutoverFigure,
  recordCallsFigure,
  recordTimeFigure,
];
