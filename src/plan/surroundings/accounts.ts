import type { Faces, TrustingRole } from "../../model/faces.js";

/** `system:serviceaccount:shop:web` -> shop and web; nothing of a pattern. */
export function accountOf(subject: string): { namespace: string; serviceAccount: string } | undefined {
  const [, namespace, serviceAccount] = /^system:serviceaccount:([^:*?]+):([^:*?]+)$/.exec(subject) ?? [];
  return namespace && serviceAccount ? { namespace, serviceAccount } : undefined;
}

/** Whether green's stack gives a service account a role of its own. */
export function hasIdentity({ green }: Faces, namespace: string, serviceAccount: string): boolean {
  return green.identities.some((each) => each.namespace === namespace && each.serviceAccount === serviceAccount);
}

/** Whether it does so for each that may assume the role. */
export function isGivenToGreen({ subjects }: TrustingRole, faces: Faces): boolean {
  const accounts = subjects.map(accountOf);
  return (
    accounts.length > 0 &&
    accounts.every((account) => account && hasIdentity(faces, account.namespace, account.serviceAccount))
  );
}
