import type { Row } from "../spoil.js";
import { bundle } from "./bundle.js";
import { clusters } from "./clusters.js";
import { dns } from "./dns.js";
import { green } from "./green.js";
import { plan } from "./plan.js";
import { replay } from "./replay.js";
import { smoke } from "./smoke.js";
import { window } from "./window.js";

/** Each way in which one piece of evidence can be missing, stale or spoilt, and the one gate that sees it. */
export const rows: Row[] = [...plan, ...window, ...green, ...bundle, ...clusters, ...dns, ...replay, ...smoke];
