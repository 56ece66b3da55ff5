import { textTable } from "../../report/tables.js";
import { listSandboxes } from "../../sandbox/sandbox-folder.js";
import { type SandboxStatus, sandboxStatus } from "../../sandbox/status.js";
import type { Command } from "../shared/command.js";

export const sandboxStatusCommand: Command = {
  name: "sandbox status",
  summary: "Show the sandboxes on this machine and their processes.",
  description:
    "Lists each sandbox with its clusters and their roles (the older one serves, and is blue), and each of its processes with whether it runs.",
  options: { name: { type: "string", describe: "Only this sandbox. Default: all." } },
  examples: [{ command: "clustershift sandbox status", what: "" }],
  async run(args, { edges }) {
    const names = args.name === undefined ? await listSandboxes(edges.env) : [String(args.name)];
    const found = (await Promise.all(names.map((name) => sandboxStatus(edges.env, name)))).filter(
      (each) => each !== undefined,
    );
    return {
      code: "ok",
      json: { sandboxes: found },
      text:
        found.length > 0 ? found.map(describe).join("\n\n") : "There is no sandbox. Start one: clustershift sandbox up",
    };
  },
};

function describe({ name, dir, record, clusters, processes }: SandboxStatus): string {
  return [
    `Sandbox "${name}" in ${dir}${record?.aws ? "" : ": not started whole; take it down"}`,
    ...clusters.map(
      (cluster) =>
        `  ${cluster.role.padEnd(5)}  ${cluster.name}, Kubernetes ${cluster.version}; its edge answers as ${cluster.colour} at ${cluster.address}`,
    ),
    ...(clusters.length === 0 ? ["  no cluster"] : []),
    textTable({
      head: ["process", "pid", "state"],
      rows: processes.map((each) => [each.name, String(each.pid), each.running ? "runs" : "ended"]),
      numeric: [1],
    }),
  ].join("\n");
}
