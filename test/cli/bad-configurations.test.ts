import { describe, expect, it } from "vitest";
import { fixtures } from "../config/fixtures.js";
import { emptyPlace, expectRefusal, useConfiguration } from "./place.js";

/** Commands that have an effect, each of which must look at its configuration first. */
const commands = ["plan", "approve", "up", "export", "rehearse", "migrate", "smoke", "cutover", "rollback", "teardown"];
const all = fixtures("invalid").map((fixture, index) => ({
  ...fixture,
  command: commands[index % commands.length] ?? "plan",
}));

describe("a wrong clustershift.yaml", () => {
  it("is tried in more than forty ways, with every command", () => {
    expect(all.length).toBeGreaterThan(40);
    expect(new Set(all.map(({ command }) => command)).size).toBe(commands.length);
  });

  it.each(all)("$name stops $command, which names the line", async ({ path, command }) => {
    const place = await emptyPlace();
    await useConfiguration(place, path);
    await expectRefusal(place, [command], { code: "config-invalid", what: /^\S+clustershift\.yaml:\d+: \S/, fix: /./ });
  });

  it.each([...commands, "status", "report"])("%s says how to get one where there is none", async (command) => {
    await expectRefusal(await emptyPlace(), [command], {
      code: "config-invalid",
      what: "clustershift.yaml: can't be read",
      fix: "clustershift init",
    });
  });

  it("is named where --config names another file", async () => {
    await expectRefusal(await emptyPlace(), ["plan", "--config", "production.yaml"], {
      code: "config-invalid",
      what: "production.yaml: can't be read",
      fix: "--config names another",
    });
  });
});
