import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Approval } from "../../../src/model/approval.js";
import { keyFolder, signPlan } from "../../run/approval/keys.js";
import { ago } from "../../run/evidence.js";
import type { Family } from "./situation.js";
import type { Scene, WorkshopOptions } from "./workshop.js";

/** Approvals where a name alone is none: undefined where this machine has no ssh-keygen to sign with. */
export function signedApprovals():
  | { config: object; ready: NonNullable<WorkshopOptions["ready"]>; family: Family<Scene>; end(): void }
  | undefined {
  const folder = keyFolder();
  if (!folder) return undefined;
  const [jo, stranger] = [folder.key("jo", "-t", "ed25519"), folder.key("stranger", "-t", "ed25519")];
  const signatures = new Map<string, string>();
  const once = (key: typeof jo, hash: string): string => {
    const name = `${key.file} ${hash}`;
    const signature = signatures.get(name) ?? signPlan(key, hash);
    signatures.set(name, signature);
    return signature;
  };
  const approve = (scene: Scene, approval: (hash: string) => Partial<Approval>, of?: string): Promise<void> =>
    scene
      .change("plan.json", (plan) => plan)
      .then(async () => {
        const plan = await scene.run.read("plan.json");
        const planHash = of ?? plan?.hash ?? "";
        const file = { format: 2, approvals: [{ planHash, by: "Jo Berg", at: ago(0), ...approval(plan?.hash ?? "") }] };
        await writeFile(scene.run.path("approval.json"), JSON.stringify(file));
      });
  return {
    config: {
      approval: {
        allowedSigners: "signers",
        authorMayApproveAlone: true,
        approvers: [
          { name: "Jo Berg", ssh: "jo@acme.example" },
          { name: "Al Moor", aws: "arn:aws:iam::123456789012:user/al" },
        ],
      },
    },
    ready: ({ place }) => writeFile(join(place.dir, "signers"), `jo@acme.example ${jo.publicLine}\n`),
    end: () => folder.end(),
    family: {
      name: "forged approvals",
      situation(random, safe) {
        const ssh = (signature: string): Partial<Approval> => ({ proof: { kind: "ssh", signature } });
        if (safe) return { what: "signed", make: (scene) => approve(scene, (hash) => ssh(once(jo, hash))) };
        const [what, says, make] = random.pick<[string, RegExp, (hash: string) => Partial<Approval>]>([
          ["a name alone", /a name alone proves nothing/, () => ({ proof: { kind: "name" } })],
          ["a stranger's key", /nobody's in approval\.allowedSigners/, (hash) => ssh(once(stranger, hash))],
          ["a signature of another plan", /doesn't fit/, () => ssh(once(jo, "f00"))],
          [
            "a signature that was changed",
            /./,
            (hash) => {
              const lines = once(jo, hash).split("\n");
              const line = random.between(1, lines.length - 4);
              const text = lines[line] ?? "";
              const at = random.between(0, text.length - 1);
              lines[line] = `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
              return ssh(lines.join("\n"));
            },
          ],
          ["no signature at all", /./, () => ssh(random.pick(["", "yes", "-----BEGIN SSH SIGNATURE-----"]))],
          [
            "AWS's word, of which the journal knows nothing",
            /the journal doesn't know of it/,
            () => ({ proof: { kind: "aws", arn: "arn:aws:iam::123456789012:user/al" } }),
          ],
          [
            "AWS's word for somebody else",
            /is nobody's under approval\.approvers/,
            () => ({ proof: { kind: "aws", arn: `arn:aws:iam::123456789012:user/mallory-${random.between(1, 99)}` } }),
          ],
        ]);
        return { what, refused: { code: "plan-not-approved", says }, make: (scene) => approve(scene, make) };
      },
    },
  };
}
