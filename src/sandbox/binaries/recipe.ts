import {
  type BinaryName,
  type GoTool,
  type KubernetesComponent,
  type KubernetesVersion,
  toolVersions,
} from "./versions.js";

/** How one binary comes from Go modules. Recipes with the same `unit` share a module folder, and so one lock. */
export interface Recipe {
  binary: BinaryName;
  /** The program's file name. */
  program: string;
  /** Without the leading `v`. */
  version: string;
  /** The folder of the build, e.g. `kubernetes-1.24.17`. */
  unit: string;
  module: string;
  package: string;
  ldflags: string;
  tags: string;
}

const velero = "github.com/vmware-tanzu/velero";
const veleroPlugin = "github.com/vmware-tanzu/velero-plugin-for-aws";

const goModules: Record<GoTool, { module: string; package: string; stamp?: string }> = {
  etcd: { module: "go.etcd.io/etcd/server/v3", package: "go.etcd.io/etcd/server/v3" },
  kwok: { module: "sigs.k8s.io/kwok", package: "sigs.k8s.io/kwok/cmd/kwok" },
  kwokctl: { module: "sigs.k8s.io/kwok", package: "sigs.k8s.io/kwok/cmd/kwokctl" },
  pulumi: {
    module: "github.com/pulumi/pulumi/pkg/v3",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    // The Automation API asks `pulumi version` and refuses an empty answer.
    stamp: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
  },
  velero: { module: velero, package: `${velero}/cmd/velero`, stamp: `${velero}/pkg/buildinfo.Version` },
  "velero-plugin-for-aws": { module: veleroPlugin, package: `${veleroPlugin}/velero-plugin-for-aws` },
};

export function recipeOf(binary: BinaryName): Recipe {
  const [program, version] = binary.split("@") as [string, KubernetesVersion | undefined];
  if (version) return kubernetesRecipe(binary, program as KubernetesComponent, version);
  const tool = program as GoTool;
  const { module, package: path, stamp } = goModules[tool];
  return {
    binary,
    program,
    version: toolVersions[tool],
    unit: `${tool === "kwokctl" ? "kwok" : tool}-${toolVersions[tool]}`,
    module,
    package: path,
    ldflags: stamp ? `-s -w -X ${stamp}=v${toolVersions[tool]}` : "-s -w",
    tags: "",
  };
}

function kubernetesRecipe(binary: BinaryName, program: KubernetesComponent, version: KubernetesVersion): Recipe {
  return {
    binary,
    program,
    version,
    unit: `kubernetes-${version}`,
    module: "k8s.io/kubernetes",
    package: `k8s.io/kubernetes/cmd/${program}`,
    ldflags: kubernetesLdflags(version),
    // Leaves out the cloud providers that were compiled in up to 1.30: half the build. Later releases have none.
    tags: minorOf(version) <= 30 ? "providerless" : "",
  };
}

/** Without these stamps /version says v0.0.0-master, and clients (kwokctl, ours) take the server for an ancient one. */
export function kubernetesLdflags(version: string): string {
  const [major, minor] = version.split(".");
  const stamped = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version", "k8s.io/kubernetes/pkg/version"];
  const values = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  const stamps = stamped.flatMap((path) =>
    Object.entries(values).map(([name, value]) => `-X ${path}.${name}=${value}`),
  );
  return ["-s -w", ...stamps].join(" ");
}

/** `1.24.17` -> 24. */
export function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}
