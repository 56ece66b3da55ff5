import { randomBytes } from "node:crypto";
import { createAws } from "../aws-api/client.js";
import { type Difference, differing, type Live, type Plugin, type Props, plain, projected } from "../plugin/plugin.js";
import { functions } from "./functions.js";
import type { Aws } from "./kind.js";
import { kindOf } from "./kinds/index.js";

export interface AwsPluginOptions {
  /** The emulator, or what stands before it. */
  endpoint: string;
  /** Folder of botocore's service models, against which each request is checked. */
  models: string;
}

/**
 * A resource plugin for tests in the place of Pulumi's own for AWS: for each type that stacks/ uses, inputs become requests
 * of AWS's API, and what AWS says becomes outputs. What the real provider adds by itself is added here too: names, default
 * tags, and which changes replace.
 */
export function awsPlugin({ endpoint, models }: AwsPluginOptions): Plugin {
  let aws: Aws | undefined;
  let defaultTags: Record<string, string> = {};
  const configured = () => {
    if (!aws) throw new Error("the AWS plugin for tests isn't configured");
    return aws;
  };

  async function live(type: string, id: string, inputs: Props): Promise<Live | undefined> {
    const kind = kindOf(type);
    const found = await kind.read(configured(), id, inputs);
    if (!found) return undefined;
    const { id: own = id, ...told } = found;
    if (kind.tagged) told.tags = withoutDefaults(inputs.tags, told.tagsAll, defaultTags);
    return { id: String(own), inputs: projected(inputs, told, maps), outputs: { ...inputs, ...told } };
  }

  /** @throws Error where it isn't there, right after it was made or changed */
  async function settled(type: string, id: string, inputs: Props): Promise<Live> {
    const found = await live(type, id, inputs);
    if (!found) throw new Error(`${type} ${id} is gone right after it was made`);
    return { ...found, inputs };
  }

  return {
    version: "7.48.0",
    async configure(config) {
      const region = String(config.region);
      const call = createAws({ endpoint, region, models });
      const { Account } = await call("sts", "GetCallerIdentity");
      const allowed = worded(config.allowedAccountIds) as string[] | undefined;
      if (allowed && !allowed.includes(String(Account))) {
        throw new Error(`AWS account ID not allowed: ${Account}`);
      }
      aws = { call, region, account: String(Account) };
      defaultTags = ((worded(config.defaultTags) as Props | undefined)?.tags ?? {}) as Record<string, string>;
    },
    async check(type, name, inputs, before) {
      const { named, tagged } = kindOf(type);
      const checked = { ...inputs };
      if (named && checked[named.property] === undefined) {
        const drawn = `${name.slice(0, named.longest - 8)}-${randomBytes(4).toString("hex").slice(0, 7)}`;
        checked[named.property] = before?.[named.property] ?? drawn;
      }
      if (tagged) checked.tagsAll = { ...defaultTags, ...(inputs.tags as object | undefined) };
      return checked;
    },
    diff: (type, before, after) => difference(kindOf(type).replacedBy, before, after),
    async create(type, inputs) {
      const id = await kindOf(type).create(configured(), inputs);
      return settled(type, id, inputs);
    },
    read: (type, id, inputs) => live(type, id, inputs),
    async update(type, id, before, after) {
      await kindOf(type).update?.(configured(), id, before, after);
      return settled(type, id, after);
    },
    async delete(type, id, inputs, outputs) {
      await kindOf(type).delete(configured(), id, { ...inputs, ...outputs });
    },
    async invoke(token, args) {
      const run = functions[token];
      if (!run) throw new Error(`the AWS plugin for tests doesn't know ${token}`);
      return { ...args, ...(await run(configured(), args)) };
    },
  };
}

/** What people tag and label by hand is drift, and the real provider shows it. */
const maps = new Set(["tags", "tagsAll", "labels"]);

function difference(replacedBy: readonly string[], before: Props, after: Props): Difference {
  const changes = differing(before, after);
  const replaces = replacedBy.filter((path) => plain(at(before, path)) !== plain(at(after, path)));
  return { changes, replaces: [...new Set(replaces.map((path) => path.split(".")[0] ?? path))] };
}

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce((inner, key) => (inner as Props | undefined)?.[key], value);
}

/** Configuration of a provider comes as JSON, where it isn't plain text. */
function worded(value: unknown): unknown {
  return typeof value === "string" ? JSON.parse(value) : value;
}

/** A resource's own tags: those that aren't the provider's. */
function withoutDefaults(own: unknown, all: unknown, defaults: Record<string, string>): Record<string, string> {
  const named = new Set(Object.keys((own ?? {}) as object));
  return Object.fromEntries(
    Object.entries((all ?? {}) as Record<string, string>).filter(
      ([key, value]) => named.has(key) || defaults[key] !== value,
    ),
  );
}
