import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultLimits } from "../../src/velero/limits.js";
import { type TarEntry, tarEntries } from "../../src/velero/tar-entries.js";
import { collect } from "../kube/fake-server.js";
import { type RawEntry, rawTar } from "../proofs/hostile/raw-tar.js";
import { tarOf } from "./archives.js";

async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
const read = (bytes: Buffer, piece = 65_536): Promise<TarEntry[]> =>
  collect(tarEntries(inPieces(bytes, piece), "x.tar.gz", defaultLimits));

const letters = fc.constantFrom(..."abc:-.öжü");
const name = fc.string({ unit: letters, minLength: 1, maxLength: 150 });

describe("tarEntries", () => {
  it("gives what was packed, with names of any length and alphabet, however the bytes come", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(name, fc.string({ maxLength: 1_500 })), { maxLength: 8 }),
        fc.integer({ min: 1, max: 2_000 }),
        async (files, piece) => {
          const tar = await tarOf(files.map(([file, content]) => [`resources/${file}`, content]));
          const expected = files.map(([file, content]) => ({ path: `resources/${file}`, bytes: Buffer.from(content) }));
          expect(await read(tar, piece)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("takes GNU's long names and folders, as an archive has that was packed again", async () => {
    const long = `resources/${"n".repeat(300)}.json`;
    const entries: RawEntry[] = [
      { name: "resources/", type: "5" },
      { name: "././@LongLink", type: "L", content: `${long}\0` },
      { name: long.slice(0, 99), content: "{}" },
      { name: "short", content: "" },
    ];
    expect(await read(rawTar(entries))).toEqual([
      { path: "resources" },
      { path: long, bytes: Buffer.from("{}") },
      { path: "short", bytes: Buffer.alloc(0) },
    ]);
  });

  it("takes more zeros at the end, as tar pads to whole records", async () => {
    expect(await read(Buffer.concat([rawTar([{ name: "a", content: "x" }]), Buffer.alloc(8_192)]))).toHaveLength(1);
  });
});
