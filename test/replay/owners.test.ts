import { describe, expect, it } from "vitest";
import { mapOwners, settleOwners, withoutOwners } from "../../src/replay/owners.js";
import { object } from "./objects.js";

const owned = object(
  "v1 Secret shop/tls",
  {},
  {
    ownerReferences: [
      {
        apiVersion: "old.example/v1",
        kind: "Cert",
        name: "c",
        uid: "blue-c",
        controller: true,
        blockOwnerDeletion: true,
      },
      { apiVersion: "v1", kind: "Node", name: "n", uid: "blue-n" },
    ],
  },
);

describe("owners", () => {
  it("keeps those that arrive, as they arrive, and names those that don't", () => {
    const { object: settled, removed } = settleOwners(owned, (uid) =>
      uid === "blue-c" ? object("new.example/v2 Cert shop/renamed") : undefined,
    );
    expect(settled.metadata.ownerReferences).toEqual([
      {
        apiVersion: "new.example/v2",
        kind: "Cert",
        name: "renamed",
        uid: "blue-c",
        controller: true,
        blockOwnerDeletion: true,
      },
    ]);
    expect(removed).toEqual([{ group: "", kind: "Node", name: "n" }]);
  });

  it("leaves no empty list behind", () => {
    expect(settleOwners(owned, () => undefined).object.metadata).not.toHaveProperty("ownerReferences");
    expect(withoutOwners(owned, ["blue-c", "blue-n"]).metadata).not.toHaveProperty("ownerReferences");
  });

  it("takes off a reference to an owner that arrives in another namespace", () => {
    const elsewhere = settleOwners(owned, () => object("new.example/v2 Cert store/c"));
    expect(elsewhere.object.metadata).not.toHaveProperty("ownerReferences");
    expect(elsewhere.removed).toHaveLength(2);
  });

  it("gives green's UIDs, and says which are not known yet", () => {
    const { object: mapped, missing } = mapOwners(owned, new Map([["blue-c", "green-c"]]));
    expect(mapped.metadata.ownerReferences?.map(({ uid }) => uid)).toEqual(["green-c", "blue-n"]);
    expect(missing).toEqual(["blue-n"]);
  });

  it("does nothing to what nobody owns", () => {
    const free = object("v1 Secret shop/free");
    expect(settleOwners(free, () => undefined)).toEqual({ object: free, removed: [] });
    expect(mapOwners(free, new Map())).toEqual({ object: free, missing: [] });
  });
});
