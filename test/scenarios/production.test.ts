import { afterAll, afterEach, beforeAll, beforeEach, describe } from "vitest";
import { deadBlue } from "./acts/dead-blue.js";
import { down } from "./acts/down.js";
import { endings } from "./acts/endings.js";
import { gates } from "./acts/gates.js";
import { killedCutover } from "./acts/killed-cutover.js";
import { killedMigrate } from "./acts/killed-migrate.js";
import { nextMigration } from "./acts/next-migration.js";
import { preparations } from "./acts/preparations.js";
import { thereAndBack } from "./acts/there-and-back.js";
import { Production } from "./production.js";

/**
 * One production, from `sandbox up` to `sandbox down`, in acts that follow each other: each finds what the last one left.
 * After the first failure nothing that follows says anything, so it is skipped.
 */
describe("production moves from Kubernetes 1.24 to 1.35", { timeout: 240_000 }, () => {
  const production = new Production();
  let failed = false;
  beforeAll(() => production.start(), 600_000);
  afterAll(() => production.end());
  beforeEach(({ skip }) => skip(failed, "an earlier act failed"));
  afterEach(({ task }) => {
    failed ||= task.result?.state === "fail";
  });

  describe("preparations", () => preparations(production));
  describe("migrate, killed", () => killedMigrate(production));
  describe("gates", () => gates(production));
  describe("there and back", () => thereAndBack(production));
  describe("cutover, killed", () => killedCutover(production));
  describe("a dead blue", () => deadBlue(production));
  describe("endings", () => endings(production));
  describe("the next migration", () => nextMigration(production));
  describe("down", () => down(production));
});
