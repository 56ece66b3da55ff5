import { z } from "zod";

const resourceSchema = z.object({
  urn: z.string(),
  type: z.string(),
  /** False for a component, which is nothing but a parent of others. */
  custom: z.boolean().default(false),
  /** Of the provider's; a component has none. */
  id: z.string().default(""),
  protect: z.boolean().default(false),
  inputs: z.record(z.string(), z.unknown()).default({}),
  /** What the provider said of it. */
  outputs: z.record(z.string(), z.unknown()).default({}),
});

const stateSchema = z.object({
  deployment: z
    .object({
      resources: z.array(resourceSchema).nullish(),
      pending_operations: z.array(z.object({ type: z.string(), resource: resourceSchema })).nullish(),
    })
    .nullish(),
});

export type StateResource = z.output<typeof resourceSchema>;

/** What a stack's state knows. */
export interface StackState {
  resources: StateResource[];
  /** What was under way when an engine was killed: `creating`, `updating`, … */
  pending: { type: string; resource: StateResource }[];
}

/** The state of a stack as Pulumi exports it; of one that was never up it is empty. */
export function readState(exported: unknown): StackState {
  const { deployment } = stateSchema.parse(exported);
  return { resources: deployment?.resources ?? [], pending: deployment?.pending_operations ?? [] };
}

/** The name that the program gave a resource. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
