/** Inputs or outputs of a resource, by Pulumi's names. */
export type Props = Record<string, unknown>;

/** Keys whose values differ. */
export function differing(before: Props, after: Props): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !key.startsWith("__") && plain(before[key]) !== plain(after[key])).sort();
}

/** JSON with its keys in order, so that equal values are equal texts. */
export function plain(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort())
      : each,
  );
}

/**
 * The live values of what the inputs say, and nothing else: so inputs of one that is unchanged stay as they were.
 *
 * @param whole names of maps of which each entry counts, whatever the program knows of it
 */
export function projected(inputs: Props, live: Props, whole: ReadonlySet<string> = new Set()): Props {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [
      key,
      whole.has(key) ? (live[key] ?? value) : partOf(value, live[key], whole),
    ]),
  );
}

function partOf(input: unknown, live: unknown, whole: ReadonlySet<string>): unknown {
  if (live === undefined) return input;
  if (Array.isArray(input) && Array.isArray(live) && input.length === live.length) {
    return input.map((each, index) => partOf(each, live[index], whole));
  }
  return isProps(input) && isProps(live) ? projected(input, live, whole) : live;
}

function isProps(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A resource as it is, by Pulumi's names. */
export interface Live {
  id: string;
  inputs: Props;
  outputs: Props;
}

/** What changes from one set of inputs to another, and which of the changes can't be made in place. */
export interface Difference {
  changes: string[];
  replaces: string[];
}

/** A resource plugin, as Pulumi's provider protocol asks for it. Types are Pulumi's: `aws:ec2/vpc:Vpc`. */
export interface Plugin {
  version: string;
  /** The provider's own inputs. */
  configure(config: Props): Promise<void>;
  /** Fills in what the program left out. `before`: the inputs of the resource that is there. */
  check(type: string, name: string, inputs: Props, before: Props | undefined): Promise<Props>;
  diff(type: string, before: Props, after: Props): Difference;
  create(type: string, inputs: Props): Promise<Live>;
  /** Undefined where it is gone. `inputs` and `outputs` are empty for one that is imported by its id. */
  read(type: string, id: string, inputs: Props, outputs: Props): Promise<Live | undefined>;
  update(type: string, id: string, before: Props, after: Props): Promise<Live>;
  delete(type: string, id: string, inputs: Props, outputs: Props): Promise<void>;
  invoke(token: string, args: Props): Promise<Props>;
}
