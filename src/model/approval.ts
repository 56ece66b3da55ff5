/** How somebody showed who they are. */
export type Proof =
  /** Not at all: a name that was typed. */
  | { kind: "name" }
  /** By AWS, which said so of the credentials: `arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_0a1b/jo@acme.example`. */
  | { kind: "aws"; arn: string }
  /** By a key: an armored signature, as `ssh-keygen -Y sign -n clustershift-plan` makes it, of `signedText`. */
  | { kind: "ssh"; signature: string };

/** Who bound their name to which plan. */
export interface Approval {
  planHash: string;
  by: string;
  at: string;
  comment?: string;
  proof: Proof;
}

/** approval.json: all who approved. Format 1 had one, by name. */
export type ApprovalFile =
  | { format: 1; planHash: string; by: string; at: string; comment?: string }
  | { format: 2; approvals: Approval[] };

export function approvalsOf(file: ApprovalFile | undefined): Approval[] {
  if (!file) return [];
  if (file.format === 2) return file.approvals;
  const { format: _, ...approval } = file;
  return [{ ...approval, proof: { kind: "name" } }];
}

/** What a signature is made for: it can't be mistaken for one of a commit or a file. */
export const signatureNamespace = "clustershift-plan";

/** The bytes that an approver signs: `printf '%s\n' HASH | ssh-keygen -Y sign -n clustershift-plan -f KEY`. */
export const signedText = (planHash: string): string => `${planHash}\n`;

/** Who made a plan: the machine's user, and who AWS says they are, where it was asked. */
export interface Author {
  user: string;
  host: string;
  arn?: string;
}
