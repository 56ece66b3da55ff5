import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { WireReader } from "./ssh-wire.js";

const curves: Record<string, { curve: string; digest: string; bytes: number }> = {
  nistp256: { curve: "P-256", digest: "sha256", bytes: 32 },
  nistp384: { curve: "P-384", digest: "sha384", bytes: 48 },
  nistp521: { curve: "P-521", digest: "sha512", bytes: 66 },
};
/** Not ssh-rsa: its SHA-1 proves nothing any more. */
const rsaDigests: Record<string, string> = { "rsa-sha2-256": "sha256", "rsa-sha2-512": "sha512" };

/** Fewer bits are no proof either; OpenSSH asks for as many. */
const leastRsaBits = 2048;

/**
 * Whether a key made a signature, both as SSH writes them. RFC 4253 section 6.6 (RSA with RFC 8332), 5656 (ECDSA), 8709 (Ed25519).
 *
 * @throws Error where either is malformed, or of a kind that isn't known here: nothing may be concluded then
 */
export function madeBy(publicKey: Buffer, signature: Buffer, message: Buffer): boolean {
  const key = new WireReader(publicKey);
  const signed = new WireReader(signature);
  const kind = key.text();
  const algorithm = signed.text();
  const blob = signed.string();
  signed.end();
  if (kind === "ssh-ed25519") {
    const x = key.string();
    key.end();
    sameKind(algorithm, kind);
    return verify(null, message, jwk({ kty: "OKP", crv: "Ed25519", x: x.toString("base64url") }), blob);
  }
  if (kind.startsWith("ecdsa-sha2-")) {
    const name = key.text();
    const point = key.string();
    key.end();
    const curve = curves[name];
    if (!curve || kind !== `ecdsa-sha2-${name}`) throw new Error(`its curve is unknown: ${name}`);
    sameKind(algorithm, kind);
    if (point[0] !== 4 || point.length !== 1 + 2 * curve.bytes) throw new Error("its key is no point of the curve");
    const x = point.subarray(1, 1 + curve.bytes).toString("base64url");
    const y = point.subarray(1 + curve.bytes).toString("base64url");
    const ieee = rAndS(blob, curve.bytes);
    const options = { key: jwk({ kty: "EC", crv: curve.curve, x, y }), dsaEncoding: "ieee-p1363" as const };
    return verify(curve.digest, message, options, ieee);
  }
  if (kind === "ssh-rsa") {
    const e = key.string();
    const n = unsigned(key.string());
    key.end();
    const digest = rsaDigests[algorithm];
    if (!digest) throw new Error(`its algorithm is ${algorithm}, which is not accepted`);
    if (n.length * 8 < leastRsaBits) throw new Error(`its RSA key is shorter than ${leastRsaBits} bits`);
    const rsa = jwk({ kty: "RSA", e: unsigned(e).toString("base64url"), n: n.toString("base64url") });
    return verify(digest, message, rsa, blob);
  }
  throw new Error(`its key is of a kind that can't be verified here: ${kind}`);
}

function jwk(key: Record<string, string>): KeyObject {
  return createPublicKey({ key, format: "jwk" });
}

function sameKind(algorithm: string, kind: string): void {
  if (algorithm !== kind) throw new Error(`its algorithm is ${algorithm}, and its key's ${kind}`);
}

/** Of fixed length each, as IEEE P1363 has them: SSH writes two numbers. */
function rAndS(blob: Buffer, bytes: number): Buffer {
  const reader = new WireReader(blob);
  const padded = [reader.string(), reader.string()].map((number) => {
    const digits = unsigned(number);
    if (digits.length > bytes) throw new Error("its numbers are too long");
    return Buffer.concat([Buffer.alloc(bytes - digits.length), digits]);
  });
  reader.end();
  return Buffer.concat(padded);
}

/** Without the zero byte before a number whose first bit is set. */
function unsigned(number: Buffer): Buffer {
  let start = 0;
  while (start < number.length - 1 && number[start] === 0) start++;
  return number.subarray(start);
}
