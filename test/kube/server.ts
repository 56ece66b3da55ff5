// Loading it takes seconds on a busy machine; here they count for no single test.
import "@kubernetes/client-node";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { KubeReader, KubeWriter } from "../../src/kube/api.js";
import { connect, connectReadOnly } from "../../src/kube/connect.js";
import type { ApiResource, KubeObject } from "../../src/model/objects.js";

/** A real API server that a harness started, if it did: its admin kubeconfig is named in the environment. */
export interface TestServer {
  /** For a test's title: says why it is skipped. */
  title: string;
  present: boolean;
  version: string;
  open(): Promise<KubeWriter>;
  openReadOnly(): Promise<KubeReader>;
}

export const blueServer = serverOf("CLUSTERSHIFT_TEST_BLUE_KUBECONFIG", "v1.24.17");
export const greenServer = serverOf("CLUSTERSHIFT_TEST_GREEN_KUBECONFIG", "v1.35.4");

function serverOf(variable: string, version: string): TestServer {
  const kubeconfig = process.env[variable];
  const options = () => {
    if (!kubeconfig) throw new Error(`${variable} is not set`);
    const context = String(parse(readFileSync(kubeconfig, "utf8"))["current-context"]);
    return { kubeconfig, context, env: process.env };
  };
  return {
    title: kubeconfig
      ? `a real API server ${version}`
      : `a real API server ${version} (skipped: ${variable} is not set)`,
    present: kubeconfig !== undefined && kubeconfig !== "",
    version,
    open: () => connect(options()),
    openReadOnly: () => connectReadOnly(options()),
  };
}

export const namespaces = core("Namespace", "namespaces", false);
export const configMaps = core("ConfigMap", "configmaps", true);
export const secrets = core("Secret", "secrets", true);

function core(kind: string, resource: string, namespaced: boolean): ApiResource {
  const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
  return { group: "", version: "v1", kind, resource, namespaced, verbs, subresources: [] };
}

export function configMap(namespace: string, name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name }, data };
}

/** Runs with a namespace of its own, which is gone, or going, afterwards. */
export async function inNamespace(kube: KubeWriter, run: (namespace: string) => Promise<void>): Promise<void> {
  const name = `test-${randomBytes(5).toString("hex")}`;
  await kube.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  try {
    await run(name);
  } finally {
    await kube.delete(namespaces, name);
  }
}
