/** Who a caller of AWS is, as far as its ARN proves it. */
export interface Principal {
  /** `123456789012/user/jo`, `123456789012/role/Deploy`, `jo@acme.example`. */
  person: string;
  /** Of an assumed role: its name, and the session's. */
  role?: string;
  session?: string;
  account: string;
}

/** Roles of IAM Identity Center, which itself names the session after the person. */
const ssoRole = /^AWSReservedSSO_/;

/**
 * Reads what GetCallerIdentity answers. Who assumes a role may choose the session's name, so that it proves nothing: all sessions of a
 * role are one person, unless Identity Center named them, or `sessionIsPerson` says that the role's trust policy does.
 */
export function principalOf(arn: string, sessionIsPerson = false): Principal | undefined {
  const [, service, account = "", resource = ""] = /^arn:aws[a-z-]*:(iam|sts)::(\d{12}):(.+)$/.exec(arn) ?? [];
  const [kind, ...path] = resource.split("/");
  if (service === "sts" && kind === "assumed-role" && path.length === 2) {
    const [role = "", session = ""] = path;
    const person = ssoRole.test(role) || sessionIsPerson ? session : `${account}/role/${role}`;
    return { person, role, session, account };
  }
  if (service === "iam" && kind === "user" && path.length > 0)
    return { person: `${account}/user/${path.at(-1)}`, account };
  if (service === "iam" && resource === "root") return { person: `${account}/root`, account };
  return undefined;
}

/**
 * Whether a caller is meant by an ARN of the configuration: the same, a pattern whose `*` stands for any text within one part
 * (between `/` and `:`), or an IAM role's own ARN, which means each of its sessions.
 */
export function isMeantBy(arn: string, pattern: string): boolean {
  const [, account, path] = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(.+)$/.exec(pattern) ?? [];
  const { role, account: own } = principalOf(arn) ?? {};
  // The session's ARN doesn't tell the role's path.
  if (path !== undefined) return role !== undefined && own === account && isLike(role, path.split("/").at(-1) ?? "");
  return isLike(arn, pattern);
}

function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/:]*")}$`).test(text);
}

/** Whether an ARN of the configuration may mean several callers. */
export function meansMany(pattern: string): boolean {
  return pattern.includes("*") || /^arn:aws[a-z-]*:iam::\d{12}:role\//.test(pattern);
}
