/** A line of an allowed signers file: whose key it is, and what for. */
export interface Signer {
  line: number;
  /** Who it is: the first of the line's principals. */
  principal: string;
  /** As SSH writes it. */
  key: Buffer;
  /** Undefined where it is for everything. */
  namespaces?: string[];
  /** Milliseconds since the epoch. */
  validAfter?: number;
  validBefore?: number;
}

export interface Signers {
  signers: Signer[];
  /** Lines that nobody is accepted by, and why. */
  ignored: { line: number; why: string }[];
}

/**
 * Reads an allowed signers file, as ssh-keygen(1) has it under ALLOWED SIGNERS. A line that isn't understood whole counts for
 * nothing: an option that is skipped could be the one that forbids.
 */
export function parseSigners(text: string): Signers {
  const signers: Signer[] = [];
  const ignored: Signers["ignored"] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const content = raw.trim();
    if (content === "" || content.startsWith("#")) continue;
    const line = index + 1;
    try {
      signers.push({ line, ...signerOf(content) });
    } catch (error) {
      ignored.push({ line, why: (error as Error).message });
    }
  }
  return { signers, ignored };
}

function signerOf(content: string): Omit<Signer, "line"> {
  const [principals = "", ...rest] = fieldsOf(content);
  // A pattern is many people, and an approval must be one's.
  if (/[*?!]/.test(principals)) throw new Error(`"${principals}" is a pattern, not one person`);
  const [principal = ""] = principals.split(",");
  if (principal === "") throw new Error("it names nobody");
  const hasOptions = !isKeyType(rest[0]);
  const [type, base64] = hasOptions ? rest.slice(1) : rest;
  if (!isKeyType(type) || base64 === undefined) throw new Error("it has no key of a known type");
  const key = Buffer.from(base64, "base64");
  return { principal, key, ...(hasOptions && optionsOf(rest[0] ?? "")) };
}

const isKeyType = (text: string | undefined): boolean => /^(sk-)?(ssh|ecdsa-sha2)-[a-z0-9@.-]+$/.test(text ?? "");

/** Separated by blanks that are in no quotes. */
function fieldsOf(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([field]) => field);
}

function optionsOf(text: string): Pick<Signer, "namespaces" | "validAfter" | "validBefore"> {
  const found: Pick<Signer, "namespaces" | "validAfter" | "validBefore"> = {};
  for (const [option] of text.matchAll(/(?:[^,"]|"[^"]*")+/g)) {
    const [, name = option, value = ""] = /^([^=]+)="?([^"]*)"?$/.exec(option) ?? [];
    if (name.toLowerCase() === "namespaces") found.namespaces = value.split(",");
    else if (name.toLowerCase() === "valid-after") found.validAfter = timeOf(value);
    else if (name.toLowerCase() === "valid-before") found.validBefore = timeOf(value);
    else throw new Error(`its option "${name}" is not understood`);
  }
  return found;
}

/** YYYYMMDD or YYYYMMDDHHMM[SS], with Z; without it OpenSSH takes this machine's time zone, and so does this. */
function timeOf(text: string): number {
  const [, year, month, day, hour = "00", minute = "00", second = "00", zone = ""] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/.exec(text) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  if (Number.isNaN(at)) throw new Error(`"${text}" is no time`);
  return at;
}

/** Who made a signature: whose key it is, for that purpose and now. @throws Error where nobody is */
export function signerOfKey({ signers }: Signers, key: Buffer, namespace: string, now: number): Signer {
  const own = signers.filter((signer) => signer.key.equals(key));
  if (own.length === 0) throw new Error("its key is nobody's in approval.allowedSigners");
  const found = own.find(
    ({ namespaces, validAfter, validBefore }) =>
      (namespaces?.includes(namespace) ?? true) && now >= (validAfter ?? now) && now < (validBefore ?? now + 1),
  );
  if (!found)
    throw new Error(`its key is not allowed for "${namespace}" now (approval.allowedSigners, line ${own[0]?.line})`);
  return found;
}
