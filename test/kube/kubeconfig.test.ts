import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadContext } from "../../src/kube/kubeconfig.js";
import { kubeconfigFor, temporaryFolder } from "./fake-server.js";

const server = "https://api.acme.example:6443";

describe("a kubeconfig that can't be used", () => {
  it("names the contexts that there are, where the wanted one isn't", async () => {
    const kubeconfig = await kubeconfigFor(server);
    await expect(loadContext({ kubeconfig, context: "prod", env: {} })).rejects.toMatchObject({
      code: "config-invalid",
      message: `kubeconfig ${kubeconfig}: there is no context prod; there is: fake`,
    });
  });

  it("is named where it isn't there", async () => {
    const kubeconfig = join(await temporaryFolder(), "nowhere");
    await expect(loadContext({ kubeconfig, context: "prod", env: {} })).rejects.toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining(`kubeconfig ${kubeconfig}: can't be read: ENOENT`),
    });
    await expect(loadContext({ context: "prod", env: { HOME: "/nowhere" } })).rejects.toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining("/nowhere/.kube/config"),
    });
  });

  it.each<[string, string]>([
    ["broken YAML", "clusters: ["],
    ["another document", "just words"],
    ["an empty file", ""],
    ["a cluster without a server", "clusters: [{name: c, cluster: {}}]"],
  ])("is named where it is %s", async (_, text) => {
    const kubeconfig = join(await temporaryFolder(), "config");
    await writeFile(kubeconfig, text);
    await expect(loadContext({ kubeconfig, context: "prod", env: {} })).rejects.toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining(`kubeconfig ${kubeconfig}: `),
    });
  });

  it("says which certificate file is missing", async () => {
    const kubeconfig = await kubeconfigFor(server, { "client-certificate": "gone.crt", "client-key": "gone.key" });
    const access = await loadContext({ kubeconfig, context: "fake", env: {} });
    await expect(access.credentials()).rejects.toMatchObject({
      code: "cluster-unreachable",
      message: expect.stringContaining("gone.crt"),
    });
  });
});

describe("what a kubeconfig says", () => {
  it("is kept: certificates relative to the file, the TLS server name, the proxy, whether to check", async () => {
    const kubeconfig = await kubeconfigFor(
      server,
      { "client-certificate-data": Buffer.from("CERT").toString("base64"), "client-key": "key.pem" },
      {
        "certificate-authority": "ca.pem",
        "tls-server-name": "kubernetes",
        "proxy-url": "http://outbound.acme.example:3128",
        "insecure-skip-tls-verify": false,
      },
    );
    await writeFile(join(kubeconfig, "..", "ca.pem"), "CA");
    await writeFile(join(kubeconfig, "..", "key.pem"), "KEY");
    const access = await loadContext({ kubeconfig, context: "fake", env: {} });
    expect(access).toMatchObject({ name: "fake", server, proxy: "http://outbound.acme.example:3128" });
    expect(await access.credentials()).toEqual({
      ca: "CA",
      cert: "CERT",
      key: "KEY",
      servername: "kubernetes",
      rejectUnauthorized: true,
      headers: {},
    });
  });

  it("is found as kubectl finds it: KUBECONFIG's files together, the first one's entries first; else HOME", async () => {
    const [one, two] = [await kubeconfigFor("https://one"), await kubeconfigFor("https://two")];
    const both = { KUBECONFIG: `/nowhere:${two}:${one}` };
    expect((await loadContext({ context: "fake", env: both })).server).toBe("https://two");
    const home = await temporaryFolder();
    await mkdir(join(home, ".kube"));
    const text =
      "{clusters: [{name: c, cluster: {server: https://home}}], contexts: [{name: h, context: {cluster: c}}]}";
    await writeFile(join(home, ".kube", "config"), text);
    expect((await loadContext({ context: "h", env: { HOME: home } })).server).toBe("https://home");
  });
});
