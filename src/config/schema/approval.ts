import { z } from "zod";
import { unique } from "../rules.js";
import { text, textLike } from "./values.js";

const arn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:(iam::\d{12}:(user|role)\/\S+|sts::\d{12}:assumed-role\/[^/\s]+\/[^/\s]+)$/,
    'is no ARN of a user, a role or an assumed role: write for example "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_*/jo@acme.example"',
  )
  .meta({
    description:
      "Who AWS says that it is. A * stands for any text within one part; a pattern, or a role's own ARN, means each person who has it. Sessions of one role are one person unless IAM Identity Center names them.",
    examples: ["arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_*/*"],
  });

const approver = z
  .strictObject({
    name: textLike("Who it is, in people's words. Unique.", "Jo Berg"),
    aws: arn.optional(),
    sessionIsPerson: z.boolean().default(false).meta({
      description:
        "True where the role's trust policy fixes the session's name to the person's, so that it proves who it is.",
    }),
    ssh: textLike(
      "Principal of approval.allowedSigners: who signs with a key of theirs.",
      "jo@acme.example",
    ).optional(),
    users: z
      .array(text)
      .default([])
      .meta({
        description: "This person's users on the machines where plans are made: that tells who is a plan's author.",
        examples: [["jo"]],
      }),
  })
  .refine(({ aws, ssh, users }) => aws !== undefined || ssh !== undefined || users.length > 0, {
    error: "has none of aws, ssh and users: nothing would show who it is",
  });

export const approval = z
  .strictObject({
    required: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .meta({ description: "How many people must approve a plan, each another one." }),
    authorMayApproveAlone: z.boolean().default(false).meta({
      description:
        "Whether who made the plan may be its only approver. Asked where approvers are named: a name alone proves nothing.",
    }),
    approvers: z
      .array(approver)
      .default([])
      .superRefine(unique(({ name }) => [name]))
      .meta({ description: "Who may approve, and how they show who they are. Without any, a name is enough." }),
    allowedSigners: text.optional().meta({
      description:
        "OpenSSH's allowed signers file: whose keys are whose. Read anew each time, so that a key can be taken out.",
      examples: ["approvers/allowed_signers"],
    }),
  })
  .refine(
    ({ approvers, allowedSigners }) => allowedSigners !== undefined || approvers.every(({ ssh }) => ssh === undefined),
    {
      error: "is missing, but an approver signs with SSH: nothing says whose keys are whose",
      path: ["allowedSigners"],
    },
  )
  .refine(
    ({ approvers }) =>
      approvers.length === 0 || approvers.some(({ aws, ssh }) => aws !== undefined || ssh !== undefined),
    { error: "has nobody with aws or ssh: nobody could approve", path: ["approvers"] },
  )
  .prefault({});
