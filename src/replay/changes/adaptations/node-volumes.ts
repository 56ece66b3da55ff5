import { listAt, textAt } from "../../../model/json.js";
import type { Remark } from "../../../model/migration.js";
import type { Change } from "../change.js";
import { notice } from "./adaptation.js";
import { type GreenVersion, isAtLeast } from "./green.js";
import { podKinds, podTemplateOf } from "./pod-template.js";

/** Folders and files that each node has of its own accord: what pods read or leave there belongs to the node. */
const nodesOwn = [
  "/",
  ...[
    "/boot",
    "/dev",
    "/proc",
    "/sys",
    "/lib/modules",
    "/usr/src",
    "/usr/share/zoneinfo",
    "/usr/share/ca-certificates",
  ],
  ...[
    "/etc/localtime",
    "/etc/timezone",
    "/etc/os-release",
    "/etc/machine-id",
    "/etc/passwd",
    "/etc/group",
    "/etc/hosts",
  ],
  ...["/etc/resolv.conf", "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/kubernetes", "/etc/cni", "/opt/cni"],
  ...["/var/log", "/var/lib/kubelet", "/var/lib/containerd", "/var/lib/cni", "/var/run", "/run", "/tmp"],
];

/** What the Docker daemon had on each node; since 1.24 nodes run containers without it. */
const dockers = ["/var/run/docker.sock", "/run/docker.sock", "/var/run/docker", "/run/docker", "/var/lib/docker"];

/** Data on nodes, which stays behind with them. */
export function nodeVolumes(green: GreenVersion): Change {
  return notice({
    id: "node-volumes",
    reason:
      "hostPath and local volumes are pointed out: what is in them stays on blue's nodes, and Docker's socket is gone with dockershim.",
    kinds: ["PersistentVolume", ...podKinds],
    look(object) {
      const volumes =
        object.kind === "PersistentVolume" ? [object.spec] : listAt(podTemplateOf(object)?.spec, "volumes");
      const paths = volumes.flatMap((volume) => {
        const path = textAt(volume, "hostPath", "path") ?? textAt(volume, "local", "path");
        return path === undefined ? [] : [path.replace(/(?<=.)\/+$/, "")];
      });
      const docker = isAtLeast(green, "1.24") ? paths.filter((path) => dockers.some((each) => isIn(path, each))) : [];
      const data = paths.filter((path) => !docker.includes(path) && !nodesOwn.some((each) => isIn(path, each)));
      return [...(docker.length > 0 ? [needsDocker(docker)] : []), ...(data.length > 0 ? [staysBehind(data)] : [])];
    },
  });
}

function isIn(path: string, folder: string): boolean {
  return path === folder || (folder !== "/" && path.startsWith(`${folder}/`));
}

function staysBehind(paths: readonly string[]): Remark {
  return {
    id: "node-volume",
    severity: "warning",
    why: `It keeps ${[...new Set(paths)].join(", ")} on its node: what is in there stays behind.`,
    whatToDo: "Copy it to green's nodes where it matters, or see that it is made anew.",
  };
}

function needsDocker(paths: readonly string[]): Remark {
  return {
    id: "docker-on-node",
    severity: "warning",
    why: `It uses Docker on its node (${[...new Set(paths)].join(", ")}), which nodes don't run since 1.24.`,
    whatToDo: "Let it use containerd's socket or the CRI, or build images in another way.",
  };
}
