import { describe, expect, it } from "vitest";
import type { ApiResource } from "../../src/model/objects.js";
import { goneKinds } from "../../src/replay/gone-kinds.js";
import { object, resource } from "./objects.js";

const budgets = resource("policy/v1 PodDisruptionBudget");
const autoscalers = ["v2", "v1"].map((version) => resource(`autoscaling/${version} HorizontalPodAutoscaler`));
const reviews = resource("authorization.k8s.io/v1 SubjectAccessReview", { verbs: ["create"] });
const silent = { groupVersion: "acme.example/v1", reason: "503" };

const gone = (written: string[], broken = [silent]): Promise<ApiResource[]> => {
  const resources = [resource("v1 ConfigMap"), budgets, ...autoscalers, reviews];
  const green = { name: "green", discover: async () => ({ resources, broken }) };
  return goneKinds([{ object: object("v1 ConfigMap shop/settings") }], green, { objects: () => written });
};

describe("kinds that are gone from blue", () => {
  it("are those of which something was written, each once, in the version that green prefers", async () => {
    const written = [
      "ConfigMap shop/old",
      "PodDisruptionBudget.policy shop/web",
      "PodDisruptionBudget.policy shop/api",
      "HorizontalPodAutoscaler.autoscaling shop/web",
    ];
    expect(await gone(written)).toEqual([budgets, autoscalers[0]]);
  });

  it("are none where only what is expected was written: green isn't even asked", async () => {
    const green = { name: "green", discover: () => Promise.reject(new Error("asked")) };
    const expected = [{ object: object("v1 ConfigMap shop/settings") }];
    expect(await goneKinds(expected, green, { objects: () => ["ConfigMap shop/old"] })).toEqual([]);
  });

  it("leave nothing behind where green doesn't serve them, or lists none", async () => {
    expect(
      await gone(["Widget.other.example shop/a", "Widget shop/b", "SubjectAccessReview.authorization.k8s.io c"]),
    ).toEqual([]);
  });

  it("aren't taken for gone where the API that would say so is silent", async () => {
    await expect(gone(["Widget.acme.example shop/a"])).rejects.toMatchObject({
      code: "cluster-unreachable",
      message: expect.stringContaining("Widget.acme.example") as string,
      fix: expect.stringContaining("get apiservices") as string,
    });
    expect(await gone(["Widget.acme.example shop/a"], [])).toEqual([]);
  });
});
