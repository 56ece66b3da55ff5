/** What becomes of a resource. */
export type ChangeKind = "same" | "create" | "update" | "replace" | "delete";

/** What an engine does, or in a preview would do, to one resource of a stack. */
export interface StackChange {
  /** `urn:pulumi:…`: unique in the stack. */
  urn: string;
  /** Pulumi's type: `aws:eks/cluster:Cluster`. */
  type: string;
  name: string;
  kind: ChangeKind;
  /** Paths of the properties that cause it: `scalingConfig.maxSize`. Empty where it is made, or goes for good. */
  because: string[];
  /** By the state: the engine itself refuses to remove it. */
  isProtected: boolean;
  /** What the state has; undefined where there is none yet. */
  before?: Properties;
  /** What the program wants; undefined where the resource goes. Secrets are masked, and what isn't known is `notKnownYet`. */
  after?: Properties;
}

export type Properties = Record<string, unknown>;

/** What stands in a preview's properties for values that only making the resource would tell. */
export const notKnownYet = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
