import { type Row, without } from "../spoil.js";

/** A green that isn't there, or isn't the plan's. */
export const green: Row[] = [
  ["no green", "greenStands", "green-missing", without("green"), /no green/],
  [
    "a green of another version",
    "greenStands",
    "green-missing",
    (e) => ({ ...e, green: { ...e.green, version: "v1.34.9" } }),
    /v1\.34\.9; the plan says 1\.35/,
  ],
  [
    "a green of no version",
    "greenStands",
    "green-missing",
    (e) => ({ ...e, green: { ...e.green, version: "" } }),
    /the plan says 1\.35/,
  ],
];
