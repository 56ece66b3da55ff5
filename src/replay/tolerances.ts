import { at, isObject, sameJson, textAt } from "../model/json.js";
import { groupOf, type KubeObject } from "../model/objects.js";
import { compareObjects, type FieldDifference, jsonPointer } from "./compare.js";
import type { Path } from "./managed-fields.js";
import { sameQuantity } from "./quantity.js";

/** What a tolerance may know beyond the two objects. */
export interface ToleranceContext {
  /** True for a workload whose replicas an autoscaler sets. */
  autoscaled(object: KubeObject): boolean;
}

/** A difference that is as it should be. */
export interface Tolerance {
  /** Stable, kebab-case, documented: the parity report counts by it. */
  id: string;
  /** One sentence: why. */
  reason: string;
  tolerates(difference: FieldDifference, wanted: KubeObject, live: KubeObject, context: ToleranceContext): boolean;
}

/** Annotations and labels that servers and controllers put on objects by themselves. */
export const controllersOwn = new RegExp(
  `^/metadata/(annotations|labels)/(${[
    "autoscaling\\.alpha\\.kubernetes\\.io~1.*",
    "batch\\.kubernetes\\.io~1.*",
    "deployment\\.kubernetes\\.io~1.*",
    "deprecated\\.daemonset\\.template\\.generation",
    "endpoints\\.kubernetes\\.io~1.*",
    "endpointslice\\.kubernetes\\.io~1.*",
    "kubernetes\\.io~1(metadata\\.name|limit-ranger|service-account\\.uid|legacy-token-last-used)",
    "pv\\.kubernetes\\.io~1.*",
    "volume(\\.beta)?\\.kubernetes\\.io~1.*",
    "apf\\.kubernetes\\.io~1.*",
    "rbac\\.authorization\\.kubernetes\\.io~1autoupdate",
    "kwok\\.x-k8s\\.io~1.*",
    "service\\.kubernetes\\.io~1headless",
    "controller-uid",
    "job-name",
  ].join("|")})$`,
);

/** Maps whose keys nobody fills in by default: one that was not sent was put there. */
const plainMaps =
  /(\/metadata\/(labels|annotations)|^\/(data|binaryData|stringData|parameters))\/[^/]+$|^\/spec\/selector\/[^/]+$/;

/** Every difference that is no difference. The first that tolerates one is counted; register a new one here. */
export const tolerances: readonly Tolerance[] = [
  {
    id: "nothing-said",
    reason: "null, an empty text or list, and an empty map of labels or data are how some versions say nothing.",
    // An item of a list, or a label, says something by being there. So does an empty structure: `emptyDir: {}`.
    tolerates: ({ kind, path, blue, green }) =>
      typeof path.at(-1) === "string" &&
      !plainMaps.test(jsonPointer(path)) &&
      ((kind === "missing" && saysNothing(blue, path)) ||
        (kind === "extra" && saysNothing(green, path)) ||
        (kind === "changed" && saysNothing(blue, path) && saysNothing(green, path))),
  },
  {
    id: "autoscaled-replicas",
    reason: "An autoscaler on green sets the number of replicas; at 0 it does nothing.",
    tolerates: ({ path }, wanted, _live, context) =>
      jsonPointer(path) === "/spec/replicas" && at(wanted, "spec", "replicas") !== 0 && context.autoscaled(wanted),
  },
  {
    id: "autoscaler-behavior",
    reason:
      "autoscaling/v1 shows an autoscaler's behavior as JSON in an annotation; newer servers add fields that say nothing.",
    tolerates: ({ kind, path, blue, green }) =>
      kind === "changed" && jsonPointer(path) === behaviorPointer && sameJson(jsonIn(blue), jsonIn(green)),
  },
  {
    id: "quantity-normalised",
    reason: "The same amount, written in another way: 1000m and 1.",
    tolerates: ({ kind, path, blue, green }) =>
      kind === "changed" &&
      /\/(limits|requests|hard|capacity|max|min|default|defaultRequest|maxLimitRequestRatio)\/[^/]+$|\/(sizeLimit|divisor|averageValue|value)$/.test(
        jsonPointer(path),
      ) &&
      sameQuantity(blue, green),
  },
  {
    id: "set-by-controllers",
    reason: "Labels and annotations in which green's controllers keep their own books.",
    tolerates: ({ kind, path }) => kind === "extra" && controllersOwn.test(withoutTemplate(jsonPointer(path))),
  },
  {
    id: "finalizer-of-green",
    reason: "Green's controllers protect what is in use.",
    tolerates: ({ kind, path, green }) =>
      kind === "extra" &&
      path[0] === "metadata" &&
      path[1] === "finalizers" &&
      (Array.isArray(green) ? green : [green]).every(isControllersFinalizer),
  },
  {
    id: "token-filled",
    reason: "Green's token controller signs a token of its own.",
    tolerates: ({ kind, path }, wanted) =>
      kind === "extra" && wanted.kind === "Secret" && at(wanted, "type") === tokenType && path[0] === "data",
  },
  {
    id: "pod-admission",
    reason: "Admission mounts a token of green's into pods, and adds tolerations and defaults.",
    tolerates: ({ kind, path, green }, wanted) =>
      kind === "extra" &&
      wanted.kind === "Pod" &&
      path[0] === "spec" &&
      (/^kube-api-access-/.test(textAt(green, "name") ?? "") ||
        path[1] === "tolerations" ||
        path[1] === "imagePullSecrets" ||
        path.at(-1) === "volumeMounts" ||
        path.at(-1) === "volumes"),
  },
  {
    id: "pod-topology-labels",
    reason: "From 1.35 on, a pod gets its node's zone and region as labels when it is bound.",
    tolerates: ({ kind, path }, wanted) =>
      (kind === "extra" || kind === "changed") &&
      wanted.kind === "Pod" &&
      /^\/metadata\/labels\/topology\.kubernetes\.io~1(zone|region)$/.test(jsonPointer(path)),
  },
  {
    id: "defaulted-by-green",
    reason: "Green's version fills in a field that blue's object doesn't have.",
    // Old servers show some fields that they don't have as null.
    tolerates: ({ kind, path, blue }, wanted) =>
      (kind === "extra" || (kind === "changed" && blue === null && !isCustom(wanted))) &&
      typeof path.at(-1) === "string" &&
      path[0] !== "metadata" &&
      !(plainMaps.test(jsonPointer(path)) && !isCustom(wanted)),
  },
];

const behaviorPointer = "/metadata/annotations/autoscaling.alpha.kubernetes.io~1behavior";

/** What a text of JSON says, without nulls; the text itself where it is no JSON. */
function jsonIn(text: unknown): unknown {
  try {
    return JSON.parse(String(text), (_, value: unknown) => (value === null ? undefined : value));
  } catch {
    return text;
  }
}

const tokenType = "kubernetes.io/service-account-token";

/** True for the finalizers of Kubernetes's own controllers. */
export function isControllersFinalizer(name: unknown): boolean {
  return /^(kubernetes\.io|[a-z]+\.kubernetes\.io)\//.test(`${name}`);
}

/** The differences between what was sent and what green has, and the tolerance that declares each, where one does. */
export function judge(
  wanted: KubeObject,
  live: KubeObject,
  context: ToleranceContext,
): (FieldDifference & { toleratedBy?: string })[] {
  return compareObjects(wanted, live).map((difference) => {
    const tolerance = tolerances.find(({ tolerates }) => tolerates(difference, wanted, live, context));
    return tolerance ? { ...difference, toleratedBy: tolerance.id } : difference;
  });
}

/** A pod template's labels and annotations are judged like an object's own. */
function withoutTemplate(pointer: string): string {
  return pointer.replace(/^\/spec\/(jobTemplate\/spec\/)?template\//, "/").replace(/^\/spec\/jobTemplate\//, "/");
}

function saysNothing(value: unknown, path: Path): boolean {
  if (value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  const isPlain = /^(labels|annotations|data|binaryData)$/.test(String(path.at(-1)));
  return isPlain && isObject(value) && Object.keys(value).length === 0;
}

function isCustom(object: KubeObject): boolean {
  const group = groupOf(object.apiVersion);
  return group.includes(".") && !group.endsWith(".k8s.io");
}
