import type { CloudResource } from "../../model/cloud.js";
import { UserError } from "../../model/errors.js";
import type { Call } from "../call.js";

/** One kind of resource in one region. Every method throws UserError `aws-failed`, naming the action and the resource. */
export interface KindApi {
  /** All that there are, with their tags. */
  list(): Promise<CloudResource[]>;
  /** Whether a list says as much of each as a read does; else who uses it and where it leads takes calls for each, and isn't in it. */
  wholeList: boolean;
  /** One as it is now, with who uses it and where it leads; undefined where it's gone. */
  read(id: string): Promise<CloudResource | undefined>;
  /** Deletes it. One that's gone already is no error. */
  remove(id: string): Promise<void>;
}

/** A resource with nothing known of it yet but what it's called. */
export function plainResource(kind: CloudResource["kind"], id: string, tags: Record<string, string>): CloudResource {
  return { kind, id, name: tags.Name || id, tags, aliases: [], leadsTo: [], users: [] };
}

/** What a call answers, or undefined where AWS says that there is no such resource, by one of these error codes. */
export async function ifThere<T>(codes: readonly string[], call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const cause = error instanceof UserError ? (error.cause as { name?: unknown } | undefined) : undefined;
    if (codes.includes(String(cause?.name))) return undefined;
    throw error;
  }
}

/** Deletes by one call; what is gone already is as it should be. */
export async function removeBy(
  call: Call,
  action: string,
  resource: string,
  gone: readonly string[],
  send: () => Promise<unknown>,
): Promise<void> {
  await ifThere(gone, () => call({ action, resource }, send));
}
