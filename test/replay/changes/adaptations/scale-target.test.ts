import { expect, it } from "vitest";
import { object } from "../../objects.js";
import { adapt } from "./adapt.js";

const autoscaler = (apiVersion: string) =>
  object("autoscaling/v1 HorizontalPodAutoscaler shop/web", {
    spec: { scaleTargetRef: { apiVersion, kind: "Deployment", name: "web" }, maxReplicas: 3 },
  });

it.each(["extensions/v1beta1", "apps/v1beta1", "apps/v1beta2"])("a target in %s is named in apps/v1", (gone) => {
  expect(adapt(autoscaler(gone))).toMatchObject({ object: autoscaler("apps/v1"), by: ["scale-target"] });
});

it.each(["apps/v1", "argoproj.io/v1alpha1", "apps.openshift.io/v1"])("a target in %s stays as it is", (kept) => {
  expect(adapt(autoscaler(kept))).toMatchObject({ object: autoscaler(kept), by: [] });
});
