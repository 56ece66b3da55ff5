import { textTable } from "../../report/tables.js";
import { listSandboxes } from "../../sandbox/sandbox-folder.js";
import { type SandboxStatus, sandboxStatus } from "../../sandbox/status.js";
import type { Command } from "../shared/command.js";

export const sandboxStatusCommand: Command = {
  name: "sandbox status",
  summary: "Show the sandboxes on this machine and their processes.",
  description: "Lists each sandbox with its clusters, and each of its processes with whether it runs.",
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
  const state = record?.aws ? `blue is Kubernetes ${record.blueVersion}` : "not started whole; take it down";
  return [
    `Sandbox "${name}" in ${dir}: ${state}`,
    `  clusters: ${clusters.map((cluster) => `${cluster.name} (${cluster.colour}, ${cluster.address})`).join(", ") || "none"}`,
    textTable({
      head: ["process", "pid", "state"],
      rows: processes.map((each) => [each.name, String(each.pid), each.running ? "runs" : "ended"]),
      numeric: [1],
    }),
  ].join("\n");
}
