import { expect, it } from "vitest";
import { planReplay } from "../../../../src/replay/replay.js";
import { standard } from "../../../../src/replay/standard.js";
import { object, resource } from "../../objects.js";
import { deployment } from "./samples.js";

it("names an adaptation beside an object that it changed, and not beside one of which it only told", async () => {
  const told = deployment({ nodeName: "node-1" });
  const changed = { ...deployment({ nodeSelector: { "beta.kubernetes.io/os": "linux" }, nodeName: "node-1" }) };
  changed.metadata = { ...changed.metadata, name: "changed" };
  const resources = [resource("apps/v1 Deployment"), resource("v1 Namespace", { namespaced: false })];
  const listed = [told, changed, object("v1 Namespace default")];
  const of = (kind: string) => listed.filter((each) => each.kind === kind);
  const source = {
    kinds: resources.map((each) => ({ resource: each, count: of(each.kind).length })),
    async *objects({ kind }: { kind: string }) {
      yield* of(kind);
    },
  };
  const { prepared } = await planReplay(source, standard, resources);
  const by = (name: string) => [...prepared.promised.values()].find((each) => each.object.name === name)?.changedBy;
  expect(by("changed")).toEqual(["node-labels"]);
  expect(by("web")).toBeUndefined();
  expect(prepared.findings.map(({ id, object: of }) => [id, of?.name])).toEqual([
    ["node-pinned", "web"],
    ["node-pinned", "changed"],
  ]);
});
