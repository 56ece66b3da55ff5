import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signatureNamespace, signedText } from "../../../src/model/approval.js";

/** A key pair of OpenSSH's own making. */
export interface Key {
  /** `ssh-ed25519 AAAA…` */
  publicLine: string;
  /** Path of the private key. */
  file: string;
  sign(text: string, namespace?: string, ...options: string[]): string;
}

const run = (args: string[], input = "") =>
  execFileSync("ssh-keygen", args, { input, stdio: ["pipe", "pipe", "ignore"] }).toString();

/** Keys in a folder that `end` removes; undefined where this machine has no ssh-keygen. */
export function keyFolder(): { key(name: string, ...type: string[]): Key; end(): void } | undefined {
  const dir = mkdtempSync(join(tmpdir(), "clustershift-keys-"));
  const end = () => rmSync(dir, { recursive: true, force: true });
  const key = (name: string, ...type: string[]): Key => {
    const file = join(dir, name);
    run(["-q", "-N", "", "-C", name, "-f", file, ...type]);
    return {
      file,
      publicLine: readFileSync(`${file}.pub`, "utf8").trim(),
      sign: (text, namespace = signatureNamespace, ...options) =>
        run(["-Y", "sign", "-n", namespace, ...options, "-f", file], text),
    };
  };
  try {
    key("probe", "-t", "ed25519").sign("x");
    return { key, end };
  } catch {
    end();
    return undefined;
  }
}

/** As an approver signs a plan. */
export const signPlan = (key: Key, planHash: string): string => key.sign(signedText(planHash));
