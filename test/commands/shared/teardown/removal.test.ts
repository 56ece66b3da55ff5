import { describe, expect, it } from "vitest";
import type { Context } from "../../../../src/commands/shared/command.js";
import type { Project } from "../../../../src/commands/shared/project.js";
import { confirm, requireRemoval, requireUnused } from "../../../../src/commands/shared/teardown/removal.js";
import { removalCommands } from "../../../../src/sweep/removal-commands.js";
import { protections } from "../../../sweep/resources.js";

const project = (blue: object) =>
  ({ file: "clustershift.yaml", config: { blue: { name: "prod", ...blue } } }) as Project;

describe("requireUnused", () => {
  const ids = ["sg-0123456789abcdef0", "prod-nodes", "arn:aws:iam::1:role/prod"];

  it("refuses a stack that has what green uses, and names each", async () => {
    const needed = async () => protections({ "sg-0123456789abcdef0": "green's instances need it" });
    await expect(requireUnused("acme-blue", ids, needed)).rejects.toMatchObject({
      code: "green-needs-it",
      message: expect.stringContaining("sg-0123456789abcdef0: green's instances need it"),
    });
  });

  it("lets one go that green uses nothing of, and asks nobody where it has nothing of AWS", async () => {
    await requireUnused("acme-blue", ids, async () => protections({ "sg-ffffffffffffffff0": "green's" }));
    await requireUnused("acme-blue", ["sandbox-1"], () => Promise.reject(new Error("asked")));
  });

  it("refuses where green can't be asked", async () => {
    await expect(requireUnused("acme-blue", ids, () => Promise.reject(new Error("green is down")))).rejects.toThrow(
      "down",
    );
  });
});

describe("requireRemoval", () => {
  it("says how blue is removed, and what is likely meant where nothing says it", () => {
    expect(requireRemoval(project({ stack: { name: "acme-blue" } }), [])).toContain("acme-blue");
    expect(requireRemoval(project({ teardown: { command: ["kops", "delete"] } }), [])).toBe("run kops delete");
    const node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n", labels: { "kops.k8s.io/instancegroup": "n" } },
    };
    expect(() => requireRemoval(project({ teardown: {} }), removalCommands([node], "prod"))).toThrow(
      expect.objectContaining({ code: "config-invalid", fix: expect.stringContaining('["kops","delete","cluster"') }),
    );
  });
});

it("asks for blue's name, and takes no other", async () => {
  const context = (ask?: () => Promise<string>) => ({ edges: { ask } }) as unknown as Context;
  await confirm("prod", "Really?", "prod", context());
  await confirm(
    "prod",
    "Really?",
    undefined,
    context(async () => "prod"),
  );
  for (const given of ["prod-2", undefined])
    await expect(confirm("prod", "Really?", given, context())).rejects.toMatchObject({ code: "not-confirmed" });
});
