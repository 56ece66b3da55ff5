import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "vitest";
import { fakeServer, kubeconfigFor, status } from "../kube/fake-server.js";
import { configuredPlace, emptyPlace, expectRefusal } from "./place.js";

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

describe("a blue that can't be read", () => {
  it.each(["plan", "init"])("%s: nobody listens at its address", async (command) => {
    const port = await closedPort();
    const kubeconfig = await kubeconfigFor(`http://127.0.0.1:${port}`);
    const place = command === "init" ? await emptyPlace() : await configuredPlace(kubeconfig);
    const options = command === "init" ? ["--kubeconfig", kubeconfig, "--context", "fake"] : [];
    await expectRefusal(place, [command, ...options], {
      code: "cluster-unreachable",
      what: `context fake: http://127.0.0.1:${port} can't be reached`,
      fix: "kubectl --context fake get --raw /version",
    });
  });

  it("the server refuses the credentials", async () => {
    const { url } = await fakeServer(status(401, "Unauthorized"));
    await expectRefusal(await configuredPlace(await kubeconfigFor(url)), ["plan"], {
      code: "cluster-unreachable",
      what: "refuses the credentials (401)",
      fix: "expired token or certificate",
    });
  });

  it("something else answers", async () => {
    const { url } = await fakeServer({ text: "<html>Log in</html>" });
    await expectRefusal(await configuredPlace(await kubeconfigFor(url)), ["plan"], {
      code: "cluster-unreachable",
      what: "isn't JSON: <html>Log in</html>",
      fix: "is an API server",
    });
  });

  it("it says a version that is none", async () => {
    const { url } = await fakeServer({ body: { gitVersion: "latest", kind: "Namespace", metadata: { uid: "u" } } });
    await expectRefusal(await configuredPlace(await kubeconfigFor(url)), ["plan"], {
      code: "cluster-unreachable",
      what: '"latest"',
      fix: "kubectl version",
    });
  });
});

describe("a kubeconfig that is no use", () => {
  const good = "apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts: []\n";
  it.each<{ when: string; text?: string; what: string | RegExp; fix: RegExp }>([
    { when: "isn't there", what: /kubeconfig .*kubeconfig\.yaml: can't be read/, fix: /Check the path/ },
    { when: "is no YAML", text: "clusters: [\n", what: /kubeconfig\.yaml/, fix: /./ },
    { when: "is something else", text: "- a\n- b\n", what: /kubeconfig\.yaml/, fix: /./ },
    { when: "is empty", text: "", what: /kubeconfig\.yaml/, fix: /./ },
    { when: "has no such context", text: good, what: /fake/, fix: /./ },
    {
      when: "has a context of no cluster",
      text: good.replace("contexts: []", "contexts: [{ name: fake, context: { cluster: gone, user: gone } }]"),
      what: /fake/,
      fix: /./,
    },
  ])("$when", async ({ text, what, fix }) => {
    const place = await configuredPlace();
    if (text !== undefined) await writeFile(join(place.dir, "kubeconfig.yaml"), text);
    await expectRefusal(place, ["plan"], { code: "config-invalid", what, fix });
  });
});
