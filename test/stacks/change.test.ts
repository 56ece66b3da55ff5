import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it } from "vitest";
import { stackChange } from "../../stacks/engine/change.js";

const urn = "urn:pulumi:prod::clustershift::clustershift:cluster:ControlPlane$aws:eks/cluster:Cluster::prod-1-35";
const type = "aws:eks/cluster:Cluster";
type Metadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

const state = (inputs: object, protect = false): NonNullable<Metadata["old"]> => ({
  type,
  urn,
  id: "prod-1-35",
  parent: "",
  provider: "",
  inputs,
  outputs: {},
  protect,
});
const told = (metadata: Partial<Metadata> & Pick<Metadata, "op">): EngineEvent => ({
  sequence: 1,
  timestamp: 1,
  resourcePreEvent: { metadata: { urn, type, provider: "", ...metadata }, planning: true },
});
const differs = (diffKind: string) => ({ diffKind, inputDiff: true }) as NonNullable<Metadata["detailedDiff"]>[string];

describe("stackChange", () => {
  it("reads what is made, with what the program wants", () => {
    expect(stackChange(told({ op: "create", new: state({ version: "1.35" }) }))).toEqual({
      urn,
      type,
      name: "prod-1-35",
      kind: "create",
      because: [],
      isProtected: false,
      after: { version: "1.35" },
    });
  });

  it.each([
    {
      case: "an update, by every path that differs",
      metadata: { op: "update" as const, detailedDiff: { version: differs("update"), "tags.a": differs("add") } },
      is: { kind: "update", because: ["tags.a", "version"] },
    },
    {
      case: "an update of a provider that tells keys alone",
      metadata: { op: "update" as const, diffs: ["hash"] },
      is: { kind: "update", because: ["hash"] },
    },
    {
      case: "a replacement, by what forces it and not by what else differs",
      metadata: {
        op: "replace" as const,
        keys: ["name"],
        detailedDiff: { name: differs("update-replace"), version: differs("update") },
      },
      is: { kind: "replace", because: ["name"] },
    },
    {
      case: "a replacement of a provider that tells keys alone",
      metadata: { op: "replace" as const, keys: ["hash"], diffs: ["hash", "env"] },
      is: { kind: "replace", because: ["hash"] },
    },
    { case: "what is left alone", metadata: { op: "same" as const }, is: { kind: "same", because: [] } },
    { case: "what is taken over", metadata: { op: "import" as const }, is: { kind: "create", because: [] } },
  ])("reads $case", ({ metadata, is }) => {
    const states = { old: state({ name: "a" }), new: state({ name: "b" }) };
    expect(stackChange(told({ ...metadata, ...states }))).toMatchObject({
      ...is,
      before: { name: "a" },
      after: { name: "b" },
    });
  });

  it("has nothing to say of how it would be once it is gone, and knows what is protected", () => {
    const gone = stackChange(told({ op: "delete", old: state({ name: "a" }, true), new: state({ name: "a" }) }));
    expect(gone).toMatchObject({ kind: "delete", isProtected: true, before: { name: "a" } });
    expect(gone).not.toHaveProperty("after");
  });

  it.each([
    { case: "half of a replacement", event: told({ op: "create-replacement" }) },
    { case: "the other half", event: told({ op: "delete-replaced" }) },
    {
      case: "a provider that nobody asked for",
      event: told({
        op: "create",
        type: "pulumi:providers:aws",
        urn: `${urn.slice(0, urn.lastIndexOf("::"))}::default_7_48_0`,
      }),
    },
    { case: "what is only read", event: told({ op: "read" }) },
    { case: "nothing of a resource", event: { sequence: 1, timestamp: 1, cancelEvent: {} } },
  ])("leaves out $case", ({ event }) => {
    expect(stackChange(event)).toBeUndefined();
  });
});
