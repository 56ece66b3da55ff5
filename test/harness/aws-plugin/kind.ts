import type { Call } from "../aws-api/client.js";
import { AwsError } from "../aws-api/read-answer.js";
import type { Props } from "../plugin/plugin.js";

/** Where resources are made. */
export interface Aws {
  call: Call;
  region: string;
  account: string;
}

/** One type of resource: what Pulumi's inputs mean in AWS's API, as the real provider has it. */
export interface Kind {
  /** Inputs that can't be changed in place. */
  replacedBy: readonly string[];
  /** What is given a name of its own where the program gives none. */
  named?: { property: string; longest: number };
  /** Whether it has tags, of which the provider's defaults are a part: `tagsAll` of its inputs. */
  tagged?: boolean;
  /** @returns its id */
  create(aws: Aws, inputs: Props): Promise<string>;
  /**
   * What AWS says of it, by Pulumi's names; undefined where it is gone. `inputs` are those it was made with, and empty for one
   * that is imported. An `id` in the answer is the one that counts.
   */
  read(aws: Aws, id: string, inputs: Props): Promise<Props | undefined>;
  /** Left out where every change replaces. */
  update?(aws: Aws, id: string, before: Props, after: Props): Promise<void>;
  /** `outputs` are inputs too. Nothing happens where it is gone. */
  delete(aws: Aws, id: string, outputs: Props): Promise<void>;
}

/** Undefined for what AWS says it hasn't got. */
export async function orGone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AwsError && /NotFound|NoSuch|NotFoundException|Malformed/.test(error.code)) return undefined;
    throw error;
  }
}

/** A member of an answer that is a list, and empty where there is none. */
export function listOf(answer: unknown, ...path: string[]): Props[] {
  const at = path.reduce((value, key) => (value as Props | undefined)?.[key], answer);
  return (at ?? []) as Props[];
}

export function partOf(answer: unknown, key: string): Props {
  return ((answer as Props)[key] ?? {}) as Props;
}

/** Only those members that are there: AWS's models don't take null. */
export function given(params: Props): Props {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined && value !== null));
}

export function isDeepEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A policy as the program wrote it, where AWS has the same in other words. */
export function samePolicy(wanted: unknown, live: string): string {
  try {
    return isDeepEqual(JSON.parse(String(wanted)), JSON.parse(live)) ? String(wanted) : live;
  } catch {
    return live;
  }
}
