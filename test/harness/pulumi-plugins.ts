import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { nodeCommand } from "../../src/sandbox/self.js";

/** What Pulumi's engine needs in its environment to find the plugins for tests, and these the emulator. */
export interface PluginEnvironment extends Record<string, string> {
  PATH: string;
  AWS_ENDPOINT_URL: string;
  CLUSTERSHIFT_TEST_MODELS: string;
  CLUSTERSHIFT_TEST_PLUGINS: string;
}

/**
 * Puts the plugins for tests where Pulumi's engine finds them before any other, and with them an `aws` that knows one command,
 * `eks get-token`, which kubeconfigs of EKS call.
 *
 * `folder`: theirs alone. `aws`: the emulator or what stands before it, and the folder of botocore's models.
 */
export async function putPlugins(
  folder: string,
  aws: { endpoint: string; models: string },
): Promise<PluginEnvironment> {
  await mkdir(folder, { recursive: true });
  await putProgram(folder, "pulumi-resource-aws", nodeCommand("./aws-plugin/main", import.meta.url));
  await putProgram(folder, "pulumi-resource-kubernetes", nodeCommand("./kubernetes-plugin/main", import.meta.url));
  const token = [
    "#!/bin/sh",
    'while [ $# -gt 0 ]; do [ "$1" = --cluster-name ] && name="$2"; shift; done',
    `exec cat '${folder}'"/token-$name.json"`,
  ];
  await writeFile(join(folder, "aws"), `${token.join("\n")}\n`, { mode: 0o755 });
  return {
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    AWS_ENDPOINT_URL: aws.endpoint,
    CLUSTERSHIFT_TEST_MODELS: aws.models,
    CLUSTERSHIFT_TEST_PLUGINS: folder,
  };
}

/** Where the API server of a kubeconfig's one context is, as EKS says it: address, and base64 of the authority's PEM. */
export async function endpointIn(kubeconfigPath: string): Promise<{ endpoint: string; certificate: string }> {
  const [{ cluster }] = parse(await readFile(kubeconfigPath, "utf8")).clusters;
  return { endpoint: cluster.server, certificate: cluster["certificate-authority-data"] };
}

/** Gives whoever asks for a token of this cluster the credentials of a kubeconfig. */
export async function putToken(folder: string, clusterName: string, kubeconfigPath: string): Promise<void> {
  const [{ user }] = parse(await readFile(kubeconfigPath, "utf8")).users;
  const plain = (key: string) => Buffer.from(user[key], "base64").toString();
  const credential = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    kind: "ExecCredential",
    status: {
      clientCertificateData: plain("client-certificate-data"),
      clientKeyData: plain("client-key-data"),
    },
  };
  await writeFile(join(folder, `token-${clusterName}.json`), JSON.stringify(credential), { mode: 0o600 });
}

async function putProgram(folder: string, name: string, run: { command: string; args: string[] }): Promise<void> {
  const words = [run.command, ...run.args].map((word) => `'${word}'`).join(" ");
  await writeFile(join(folder, name), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
}
