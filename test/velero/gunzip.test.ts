import { deflateRawSync, gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gunzip } from "../../src/velero/gunzip.js";
import { collect } from "../kube/fake-server.js";

const limits = { bytes: 2 ** 30, ratio: 1_000, ratioFrom: 2 ** 30 };

async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
const unpack = async (bytes: Buffer, piece = 65_536, more: object = {}) =>
  Buffer.concat(await collect(gunzip(inPieces(bytes, piece), "x.gz", { ...limits, ...more })));

/** A header with everything that RFC 1952 allows. */
function decorated(content: Buffer): Buffer {
  const plain = gzipSync(content);
  const header = Buffer.from([0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3]);
  const extras = [
    Buffer.from([3, 0, 1, 2, 3]),
    Buffer.from("name.tar\0"),
    Buffer.from("a comment\0"),
    Buffer.from([9, 9]),
  ];
  return Buffer.concat([header, ...extras, plain.subarray(10)]);
}

describe("gunzip", () => {
  it("gives what zlib gives, however the bytes come", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), fc.integer({ min: 1, max: 700 }), async (array, piece) => {
        const content = Buffer.from(array);
        const packed = gzipSync(content);
        expect(await unpack(packed, piece)).toEqual(gunzipSync(packed));
        expect(await unpack(decorated(content), piece)).toEqual(content);
      }),
      { numRuns: 60 },
    );
  });

  it("takes what is larger than any buffer in between", async () => {
    const content = Buffer.alloc(3_000_000, "velero ");
    expect((await unpack(gzipSync(content), 1_000)).equals(content)).toBe(true);
  });

  const sound = gzipSync(Buffer.from("sound ".repeat(100)));
  const flipped = (at: number) => {
    const bytes = Buffer.from(sound);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };
  it.each([
    ["nothing", Buffer.alloc(0), /x\.gz: is empty/],
    ["text", Buffer.from("hello, world"), /x\.gz: is no gzip/],
    [
      "a header that never ends",
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0]), Buffer.alloc(70_000, 1)]),
      /is no gzip/,
    ],
    ["another checksum", flipped(sound.length - 8), /is damaged/],
    ["another length", flipped(sound.length - 1), /is damaged/],
    ["a second member", Buffer.concat([sound, sound]), /goes on behind its end/],
    ["a byte too many", Buffer.concat([sound, Buffer.alloc(1)]), /goes on behind its end/],
    ["no gzip around it", deflateRawSync(Buffer.from("x")), /is no gzip/],
  ])("refuses %s", async (_title, bytes, says) => {
    for (const piece of [1, 7, 100_000])
      await expect(unpack(bytes, piece)).rejects.toMatchObject({
        code: "bundle-invalid",
        message: expect.stringMatching(says),
      });
  });

  it("refuses it cut anywhere", async () => {
    for (let length = 1; length < sound.length; length++)
      await expect(unpack(sound.subarray(0, length), 13), `cut at ${length}`).rejects.toThrow(/ends early/);
  });

  it("ends at its limits, without taking in the rest", async () => {
    const zeros = gzipSync(Buffer.alloc(50_000_000));
    await expect(unpack(zeros, 1_000, { bytes: 1_000_000 })).rejects.toThrow(/more than 1000000 bytes/);
    await expect(unpack(zeros, 1_000, { ratio: 100, ratioFrom: 100_000 })).rejects.toThrow(/more than 100 times/);
  });

  it("hands on what its source says", async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield sound.subarray(0, 30);
      throw new Error("the line is cut");
    }
    await expect(collect(gunzip(failing(), "x.gz", limits))).rejects.toThrow("the line is cut");
  });
});
