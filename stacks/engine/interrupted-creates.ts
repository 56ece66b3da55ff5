import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../../src/model/errors.js";
import { madeId } from "./made-ids.js";
import { nameOf, readState, type StackState, type StateResource } from "./state.js";

/**
 * Looks whether a resource of which AWS gives the id was made, by its inputs: the id, `absent`, or `unknown` for a type that the
 * finder doesn't know.
 */
export type FindMade = (
  resource: Pick<StateResource, "type" | "inputs">,
) => Promise<{ id: string } | "absent" | "unknown">;

/** What is to be done before a stack is worked on again. */
export interface Settled {
  /** The state without creates under way; those that came through are resources of it. Undefined where nothing changes. */
  deployment: Deployment | undefined;
  /** Resources of which the state has the id alone: the provider must be asked for the rest, and whether they are there. */
  toRead: string[];
}

/**
 * Settles what was being made when an engine was killed: Pulumi notes that it began, and can't know whether it came through.
 * Made again without looking, there might be two of it, or a name would be taken.
 *
 * @throws UserError `stack-unsettled`, naming each resource of which nobody can say whether it was made
 */
export async function settleInterruptedCreates(stack: string, exported: Deployment, find: FindMade): Promise<Settled> {
  const state = readState(exported);
  const halfKnown = state.resources.filter(isHalfKnown).map(({ urn }) => urn);
  const creates = state.pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
  if (creates.length === 0) return { deployment: undefined, toRead: halfKnown };
  const ids = new Map<string, string>();
  const unclear: StateResource[] = [];
  for (const resource of creates) {
    const known = madeId(resource);
    if (known?.kind === "again") continue;
    const found = known ?? (await find(resource));
    if (found === "unknown") unclear.push(resource);
    else if (found !== "absent" && !state.resources.some(({ id, type }) => id === found.id && type === resource.type)) {
      ids.set(resource.urn, found.id);
    }
  }
  if (unclear.length > 0) throw unsettled(stack, unclear);
  return { deployment: adopted(exported, ids), toRead: [...halfKnown, ...ids.keys()] };
}

/** Adopted, and then interrupted before the provider was asked. */
function isHalfKnown({ id, type, outputs }: StackState["resources"][number]): boolean {
  return id !== "" && !type.startsWith("pulumi:") && Object.keys(outputs).length === 0;
}

interface RawState {
  resources?: Record<string, unknown>[] | null;
  pending_operations?: { type: string; resource: Record<string, unknown> }[] | null;
}

/** Appended: what a resource needs is there before it is begun. */
function adopted({ version, deployment }: Deployment, ids: ReadonlyMap<string, string>): Deployment {
  const { resources, pending_operations: pending, ...rest } = deployment as RawState;
  const made = (pending ?? []).flatMap(({ type, resource }) => {
    const id = ids.get(String(resource.urn));
    return type === "creating" && id !== undefined ? [{ ...resource, id }] : [];
  });
  return {
    version,
    deployment: {
      ...rest,
      resources: [...(resources ?? []), ...made],
      pending_operations: (pending ?? []).filter(({ type }) => type !== "creating"),
    },
  };
}

function unsettled(stack: string, resources: StateResource[]): UserError {
  const lines = resources.map(({ urn, type }) => `  ${nameOf(urn)} (${type})`);
  return new UserError({
    code: "stack-unsettled",
    what: `Stack ${stack} was killed while it made these, and it can't be seen from here whether they are there:\n${lines.join("\n")}`,
    fix: `Look for them in AWS by their names and tags, and delete what is there; then pulumi refresh --stack ${stack}, on a terminal, which asks for each: answer "clear". Then run the same command again.`,
  });
}
