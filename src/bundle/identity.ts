import { readFile, writeFile } from "node:fs/promises";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { messageOf, UserError } from "../model/errors.js";

/** A key pair of age. The identity is a secret. */
export interface Identity {
  /** `AGE-SECRET-KEY-1…` */
  identity: string;
  /** `age1…` */
  recipient: string;
}

export async function generateIdentity(): Promise<Identity> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** Writes a file as age-keygen does, for its owner's eyes only; an existing one is never overwritten. */
export async function writeIdentityFile(file: string, { identity, recipient }: Identity): Promise<void> {
  await writeFile(file, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600, flag: "wx" });
}

/** The first identity of a file of age-keygen. Throws `UserError` bundle-invalid. */
export async function readIdentityFile(file: string): Promise<Identity> {
  const fix = "Name the file with the age identity (AGE-SECRET-KEY-…) by bundle.identityFile.";
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new UserError({
      code: "bundle-invalid",
      what: `identity ${file} can't be read: ${messageOf(cause)}`,
      fix,
      cause,
    });
  });
  const identity = text.split(/\r?\n/).find((line) => line.startsWith("AGE-SECRET-KEY-"));
  try {
    if (!identity) throw new Error("there is none in it");
    return { identity: identity.trim(), recipient: await identityToRecipient(identity.trim()) };
  } catch (error) {
    throw new UserError({ code: "bundle-invalid", what: `identity ${file}: ${messageOf(error)}`, fix });
  }
}
