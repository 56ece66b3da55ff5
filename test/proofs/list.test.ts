import { readdir } from "node:fs/promises";
import { expect, it } from "vitest";
import { listProofs } from "../../scripts/proofs.js";

it("every file of this room but tests is a proof that the list can name", async () => {
  const files = await readdir(import.meta.dirname);
  const proofs = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const listed = await listProofs();
  expect(listed.map(({ name }) => `${name}.ts`)).toEqual(proofs.sort());
  for (const { name, summary } of listed)
    expect({ name, summary }).toEqual({ name, summary: expect.stringMatching(/^\w.+\.$/) });
});
