const pattern = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const stages: Record<string, number> = { alpha: 0, beta: 1 };

/**
 * Kubernetes's own order of API versions, newest first: GA before beta before alpha, higher numbers first, and whatever
 * has no such form last, by name. https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority
 */
export function compareApiVersions(a: string, b: string): number {
  const left = pattern.exec(a);
  const right = pattern.exec(b);
  if (!left || !right) return Number(right !== null) - Number(left !== null) || (a < b ? -1 : a > b ? 1 : 0);
  const stage = (match: RegExpExecArray) => (match[2] === undefined ? 2 : (stages[match[2]] ?? 0));
  return (
    stage(right) - stage(left) || Number(right[1]) - Number(left[1]) || Number(right[3] ?? 0) - Number(left[3] ?? 0)
  );
}
