import { createHash } from "node:crypto";
import { madeBy } from "./ssh-key.js";
import { WireReader, wireString } from "./ssh-wire.js";

const magic = Buffer.from("SSHSIG");
const version = 1;
const digests = new Set(["sha256", "sha512"]);

/**
 * Verifies a signature as `ssh-keygen -Y sign` writes it, by OpenSSH's PROTOCOL.sshsig. A signature for another namespace, of another
 * text, or of a kind that can't be verified here is refused; who the key belongs to is another question.
 *
 * @returns the public key that made it, as SSH writes it
 * @throws Error saying what is wrong with it
 */
export function verifySignature(armored: string, text: string, namespace: string): Buffer {
  const reader = new WireReader(unarmored(armored));
  if (!reader.bytes(magic.length).equals(magic)) throw new Error("it is no SSH signature");
  const given = reader.uint32();
  if (given !== version) throw new Error(`it is of version ${given}, and only ${version} is known`);
  const key = reader.string();
  const made = reader.text();
  const reserved = reader.string();
  const digest = reader.text();
  const signature = reader.string();
  reader.end();
  if (made !== namespace) throw new Error(`it was made for "${made}", not for "${namespace}"`);
  if (!digests.has(digest)) throw new Error(`its digest is unknown: ${digest}`);
  const hash = createHash(digest).update(text).digest();
  const parts = [namespace, reserved, digest, hash].map(wireString);
  if (!madeBy(key, signature, Buffer.concat([magic, ...parts])))
    throw new Error("it doesn't fit what should have been signed");
  return key;
}

const armor = /^\s*-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----\s*$/;

function unarmored(text: string): Buffer {
  const [, base64] = armor.exec(text.replaceAll("\r\n", "\n")) ?? [];
  if (base64 === undefined) throw new Error('it doesn\'t begin and end as "-----BEGIN SSH SIGNATURE-----" does');
  return Buffer.from(base64, "base64");
}
