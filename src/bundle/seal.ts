import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { armor, Decrypter, Encrypter } from "age-encryption";
import { parse, stringify } from "../kube/json.js";
import { messageOf, UserError } from "../model/errors.js";
import { type KubeObject, kindKey, type ObjectRef, refKey, refOf } from "../model/objects.js";

/*
 * An age header for each Secret would be slow: 120 lines a second were measured, so four minutes for 31,000 Secrets. So age
 * encrypts one random key a bundle, and AES-256-GCM each line with it: 31,000 of 3 KB in 3.4 s on the same machine. GCM's associated data
 * binds a line to its kind, place and name: lines can't be swapped, repeated or renamed. Nonces are random, 96 bits, which
 * is safe for 2^32 lines; a key is never used for a second bundle.
 */
const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/** A Secret's line. Names are in the clear: they are in plans and reports too. */
export interface SealedLine {
  ref: ObjectRef;
  /** base64 of nonce, ciphertext and tag. */
  sealed: string;
}

/** A new key, and the same encrypted for the recipients, armoured. Throws `UserError` config-invalid for a bad recipient. */
export async function createKey(recipients: readonly string[]): Promise<{ key: Buffer; sealedKey: string }> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch (error) {
      throw new UserError({
        code: "config-invalid",
        what: `bundle.recipients: ${recipient} is no age recipient: ${messageOf(error)}`,
        fix: "Write recipients as age-keygen prints them: age1…",
        cause: error,
      });
    }
  }
  const key = randomBytes(32);
  return { key, sealedKey: armor.encode(await encrypter.encrypt(key)) };
}

/** The key back; throws whatever is wrong with the identity or the text. */
export async function openKey(sealedKey: string, identity: string): Promise<Buffer> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return Buffer.from(await decrypter.decrypt(armor.decode(sealedKey)));
}

/** `index` is the line's, from 0. */
export function seal(object: KubeObject, index: number, key: Buffer): SealedLine {
  const ref = refOf(object);
  const nonce = randomBytes(nonceBytes);
  const encrypting = createCipheriv(cipher, key, nonce).setAAD(associated(ref, index));
  const parts = [nonce, encrypting.update(stringify(object), "utf8"), encrypting.final(), encrypting.getAuthTag()];
  return { ref, sealed: Buffer.concat(parts).toString("base64") };
}

/** Throws where the line isn't what was sealed at this place with this key. */
export function unseal({ ref, sealed }: SealedLine, index: number, key: Buffer): KubeObject {
  const bytes = Buffer.from(sealed, "base64");
  const decrypting = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decrypting.setAAD(associated(ref, index)).setAuthTag(bytes.subarray(bytes.length - tagBytes));
  const plain = Buffer.concat([
    decrypting.update(bytes.subarray(nonceBytes, bytes.length - tagBytes)),
    decrypting.final(),
  ]);
  return parse(plain.toString("utf8")) as KubeObject;
}

function associated(ref: ObjectRef, index: number): Buffer {
  return Buffer.from(`clustershift bundle 1\n${kindKey(ref)}\n${index}\n${refKey(ref)}`);
}
