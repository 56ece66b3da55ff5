import { archiveFamilies } from "./archives.js";
import type { Family } from "./parts.js";
import { sideFamilies } from "./side-files.js";
import { storeFamilies } from "./stores.js";

export const families: readonly Family[] = [...archiveFamilies, ...sideFamilies, ...storeFamilies];
