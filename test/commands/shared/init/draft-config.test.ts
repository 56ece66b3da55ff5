import { expect, it } from "vitest";
import { draftConfig } from "../../../../src/commands/shared/init/draft-config.js";
import { parseConfig } from "../../../../src/config/parse.js";

const found = {
  environment: "acme",
  blue: { name: "blue.acme.example", context: "blue" },
  green: { name: "green-1-35", version: "1.35" },
  groups: [],
  settings: {},
  nodeLabels: {},
  aws: { region: "eu-central-1" },
  records: [{ zone: "acme.example", name: "app.acme.example", type: "A" }],
  addressGroups: [],
  checks: [],
};

it("writes a share of the zone, and says so, only where the records are more than is usual", () => {
  const usual = draftConfig({ ...found, zonePercent: undefined });
  expect(usual).not.toContain("zoneShare");
  const more = draftConfig({ ...found, zonePercent: 37 });
  expect(more).toContain("# They are 37 % of their zone");
  expect(parseConfig(more, "f.yaml").traffic.zoneShare).toEqual({ percent: 37, from: 10 });
});
