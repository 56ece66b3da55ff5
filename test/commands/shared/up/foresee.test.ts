import { describe, expect, it } from "vitest";
import type { Context } from "../../../../src/commands/shared/command.js";
import type { OpenStack } from "../../../../src/commands/shared/green-stack.js";
import type { Project } from "../../../../src/commands/shared/project.js";
import {
  describeForeseen,
  foresee,
  foreseenJson,
  requireConsent,
  requirePolicy,
} from "../../../../src/commands/shared/up/foresee.js";
import type { StackChange } from "../../../../src/model/stack-change.js";
import { change, cluster, nodeGroup, template } from "../../../provision/samples.js";

const progress = { type: "", name: "", op: "create", done: false, failed: false };
const made = change("aws:ec2/natGateway:NatGateway", {}, { name: "nat" });
const stays = change("aws:iam/role:Role", {}, { name: "role", kind: "same" });
const replaced = change(
  nodeGroup,
  { launchTemplate: {}, subnetIds: ["a", "b"] },
  { kind: "replace", name: "nodes", because: ["nodeRoleArn"] },
);
const unsound = change(template, { metadataOptions: { httpTokens: "optional" } });

function look(changes: StackChange[], off: { rule: string; reason: string }[] = []) {
  const stack = {
    async preview(onProgress: Parameters<OpenStack["preview"]>[0]) {
      onProgress?.(progress);
      for (const each of changes) onProgress?.(progress, each);
      return { create: changes.length };
    },
  } as unknown as OpenStack;
  const project = { config: { green: { policy: { off, rules: [] } } } } as unknown as Project;
  return foresee(stack, project, { edges: { signal: new AbortController().signal } } as Context);
}

async function consent(changes: StackChange[], yes: boolean, answer?: string) {
  const asked: string[] = [];
  const told: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answer ?? "";
  };
  const edges = answer === undefined ? {} : { ask };
  const context = { edges, progress: { line: (line: string) => told.push(line) } } as unknown as Context;
  const foreseen = await look(changes);
  const outcome = await requireConsent(foreseen, yes, context).then(
    () => "goes on",
    (error: unknown) => error,
  );
  return { outcome, asked, told };
}

describe("what up foresees", () => {
  it("is told by counts, losses and what is paid for", async () => {
    const foreseen = await look([stays, made, replaced]);
    expect(describeForeseen(foreseen)).toEqual([
      "Would change: create 1, replace 1, same 1",
      "Replaced or removed:",
      "  replace nodes (aws:eks/nodeGroup:NodeGroup): nodeRoleArn nothing -> nothing",
      "What is paid for:",
      "  new          NAT gateway nat",
      "  new          node group nodes: undefined to undefined nodes, types of its template, on-demand",
    ]);
    expect(foreseenJson(foreseen)).toMatchObject({
      changes: { create: 3 },
      planned: [
        { name: "nat", kind: "create" },
        { name: "nodes", kind: "replace", because: ["nodeRoleArn"] },
      ],
      losses: [{ name: "nodes" }],
      refused: [],
    });
  });

  it("is refused by the policy with every rule, resource and property, and how to switch a rule off", async () => {
    const foreseen = await look([unsound]);
    expect(describeForeseen(foreseen)).toContainEqual(expect.stringMatching(/^ {2}imdsv1: green /));
    expect(() => requirePolicy(foreseen)).toThrow(
      expect.objectContaining({
        code: "policy-refused",
        exitCode: 76,
        message: expect.stringMatching(
          /nothing was made[\s\S]*plain-volume: [\s\S]*metadataOptions\.httpTokens: it is optional/,
        ),
        fix: expect.stringMatching(/\(plain-volume, imdsv1, untagged-nodes\) under green\.policy\.off/),
      }),
    );
    const off = ["plain-volume", "imdsv1", "untagged-nodes"].map((rule) => ({ rule, reason: "a test" }));
    const agreed = await look([unsound], off);
    expect(() => requirePolicy(agreed)).not.toThrow();
  });
});

describe("whether up goes on", () => {
  it.each<[string, StackChange[], boolean, string | undefined, "goes on" | "not-confirmed", number]>([
    ["nothing changes", [stays], false, "n", "goes on", 0],
    ["a person agrees", [made], false, "y", "goes on", 1],
    ["a person says nothing", [made], false, "", "not-confirmed", 1],
    ["a person says no to a loss", [replaced], false, "no", "not-confirmed", 1],
    ["--yes was said", [replaced], true, "n", "goes on", 0],
    ["nobody can be asked, and nothing is lost", [made], false, undefined, "goes on", 0],
    ["nobody can be asked, and something is lost", [made, replaced], false, undefined, "not-confirmed", 0],
    ["nobody can be asked, and --yes was said", [replaced], true, undefined, "goes on", 0],
  ])("where %s", async (_case, changes, yes, answer, expected, questions) => {
    const { outcome, asked } = await consent(changes, yes, answer);
    expect(outcome).toEqual(expected === "goes on" ? expected : expect.objectContaining({ code: expected }));
    expect(asked).toHaveLength(questions);
  });

  it("names what would be lost where it asks, and where it refuses to without being asked", async () => {
    const { asked, told } = await consent([replaced], false, "y");
    expect(asked).toEqual(["Do this, and lose 1 of what is there? [y/N] "]);
    expect(told).toContainEqual(expect.stringMatching(/replace nodes/));
    const { outcome } = await consent([change(cluster, undefined, { kind: "delete", name: "old" })], false);
    expect(outcome).toMatchObject({
      message: expect.stringMatching(/delete {2}old/),
      fix: expect.stringMatching(/--yes/),
    });
  });
});
