import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { verifySignature } from "../../../src/run/approval/ssh-signature.js";
import { type Key, keyFolder } from "./keys.js";

const folder = keyFolder();
afterAll(() => folder?.end());

const namespace = "clustershift-plan";

describe.skipIf(!folder)("a signature by ssh-keygen", () => {
  if (!folder) return;
  const keys: [string, Key][] = [
    ["ed25519", folder.key("ed25519", "-t", "ed25519")],
    ["ecdsa of 256 bits", folder.key("p256", "-t", "ecdsa", "-b", "256")],
    ["ecdsa of 384 bits", folder.key("p384", "-t", "ecdsa", "-b", "384")],
    ["ecdsa of 521 bits", folder.key("p521", "-t", "ecdsa", "-b", "521")],
    ["rsa", folder.key("rsa", "-t", "rsa", "-b", "2048")],
  ];
  const [[, ed25519]] = keys as [[string, Key], ...[string, Key][]];

  describe.each(keys)("with a key of %s", (_, key) => {
    const signature = key.sign("agreed\n");

    it("is verified, and tells whose key it is", () => {
      const made = verifySignature(signature, "agreed\n", namespace);
      expect(made.toString("base64")).toBe(key.publicLine.split(" ")[1]);
    });

    it.each([
      ["another text", () => verifySignature(signature, "agreed", namespace), "doesn't fit"],
      ["another namespace", () => verifySignature(signature, "agreed\n", "git"), 'made for "clustershift-plan"'],
    ])("is refused for %s", (_, verify, why) => {
      expect(verify).toThrow(why);
    });
  });

  it("is verified many times: numbers of ECDSA that begin with zeros are padded", () => {
    const [, [, p256]] = keys as [[string, Key], [string, Key], ...[string, Key][]];
    for (let count = 0; count < 30; count++) {
      const text = `plan ${count}`;
      expect(() => verifySignature(p256.sign(text), text, namespace)).not.toThrow();
    }
  });

  it("may have either digest", () => {
    const signature = ed25519.sign("x", namespace, "-O", "hashalg=sha256");
    expect(() => verifySignature(signature, "x", namespace)).not.toThrow();
  });

  it("with one bit changed anywhere is never the same key's", () => {
    const signature = ed25519.sign("x");
    const bytes = Buffer.from(signature.split("\n").slice(1, -2).join(""), "base64");
    const key = ed25519.publicLine.split(" ")[1];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        let made: Buffer | undefined;
        try {
          made = verifySignature(armored(changed), "x", namespace);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
        expect(made?.toString("base64")).not.toBe(key);
      }),
      { numRuns: 300 },
    );
  });

  it("cut anywhere, or with more behind it, is refused", () => {
    const bytes = Buffer.from(ed25519.sign("x").split("\n").slice(1, -2).join(""), "base64");
    for (let length = 0; length < bytes.length; length++)
      expect(() => verifySignature(armored(bytes.subarray(0, length)), "x", namespace)).toThrow();
    expect(() => verifySignature(armored(Buffer.concat([bytes, Buffer.from([0])])), "x", namespace)).toThrow(
      /too many/,
    );
  });

  it("with a key that is too short proves nothing", () => {
    const short = folder.key("short", "-t", "rsa", "-b", "1024");
    expect(() => verifySignature(short.sign("x"), "x", namespace)).toThrow(/shorter than 2048/);
  });
});

it.each([
  ["", "doesn't begin"],
  ["agreed", "doesn't begin"],
  [armored(Buffer.from("SSHSIX")), "no SSH signature"],
])("%j is no signature", (text, why) => {
  expect(() => verifySignature(text, "x", namespace)).toThrow(why);
});

function armored(bytes: Buffer): string {
  return `-----BEGIN SSH SIGNATURE-----\n${bytes.toString("base64")}\n-----END SSH SIGNATURE-----\n`;
}
