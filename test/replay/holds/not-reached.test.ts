import { expect, it } from "vitest";
import type { Outcome } from "../../../src/model/accounting.js";
import type { KubeObject } from "../../../src/model/objects.js";
import { refOf } from "../../../src/model/objects.js";
import { holdChanges } from "../../../src/replay/holds/index.js";
import { notReached } from "../../../src/replay/holds/not-reached.js";

const object = (kind: string, name: string, suspend = false): KubeObject => ({
  apiVersion: kind === "CronJob" ? "batch/v1" : "v1",
  kind,
  metadata: { name, namespace: "shop" },
  spec: { suspend },
});
const objects = [
  object("CronJob", "left"),
  object("CronJob", "quiet", true),
  object("CronJob", "copied"),
  object("Service", "web"),
];
const settled = objects
  .filter(({ metadata }) => metadata.name !== "copied")
  .map((each): Outcome => ({ object: refOf(each), ending: "derived", by: "left-to-deployer" }));
const changes = holdChanges({ hold: [], dontHold: [] });

it("names what its deployer starts on green although it should be held", () => {
  const found = notReached(objects, settled, changes, { listed: () => [] } as never);
  expect(found.map(({ id, object: { name } = { name: "" } }) => [id, name])).toEqual([["left-not-held", "left"]]);
});

it("says nothing where nothing is left to a deployer", () => {
  expect(notReached(objects, [], changes, { listed: () => [] } as never)).toEqual([]);
});
