import { describe, expect, it } from "vitest";
import { isInScope, scopeOf } from "../../src/velero/scope.js";

const web = { kind: "Deployment", group: "apps", resource: "deployments", namespace: "shop", name: "web" };
const role = { kind: "ClusterRole", group: "rbac.authorization.k8s.io", resource: "clusterroles", name: "reader" };
const shop = { kind: "Namespace", group: "", resource: "namespaces", name: "shop" };

describe("what Velero was told to back up", () => {
  it.each([
    ["everything", {}, [true, true, true]],
    ["all namespaces", { includedNamespaces: ["*"] }, [true, true, true]],
    ["another namespace", { includedNamespaces: ["ci"] }, [false, false, false]],
    ["this namespace", { includedNamespaces: ["shop"] }, [true, false, true]],
    ["all but this namespace", { excludedNamespaces: ["shop"] }, [false, false, false]],
    ["no workloads", { excludedResources: ["deployments.apps"] }, [false, true, true]],
    ["workloads, by kind", { includedResources: ["Deployment"] }, [true, false, false]],
    ["nothing cluster-wide", { includeClusterResources: false }, [true, false, true]],
    ["what is cluster-wide too", { includedNamespaces: ["shop"], includeClusterResources: true }, [true, true, true]],
    ["what a label selects", { labelSelector: { matchLabels: { a: "b" } } }, [false, false, false]],
  ])("%s", (_, spec, expected) => {
    expect([web, role, shop].map((each) => isInScope(scopeOf(spec), each))).toEqual(expected);
  });

  it("nothing that is being deleted, or says so itself", () => {
    expect(isInScope(scopeOf({}), { ...web, deleting: true })).toBe(false);
    expect(isInScope(scopeOf({}), { ...web, labels: { "velero.io/exclude-from-backup": "true" } })).toBe(false);
  });
});
