import { expect, it } from "vitest";
import { fill } from "../../src/analysis/placeholders.js";

const step = { id: "share/5", share: 5, run: "2026-11-28", blue: "blue", green: 'a"b\\c' };

it.each([
  ["{{blue}} {{ stage }} {{share}} {{run}}", "blue share/5 5 2026-11-28"],
  ['up{cluster="{{green}}"}', 'up{cluster="a\\"b\\\\c"}'],
  ["{{constructor}} {{id}} {blue}", "{{constructor}} {{id}} {blue}"],
])("%s", (query, filled) => {
  expect(fill(query, step)).toBe(filled);
});
