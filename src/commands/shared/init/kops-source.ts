import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { KopsText } from "../../../mirror/kops/read.js";
import { messageOf, UserError } from "../../../model/errors.js";
import type { Context } from "../command.js";
import { clockOf } from "../targets.js";

/** In a cluster's part of a state store: its specification, and one file a group. */
const store = { cluster: "config", groups: "instancegroup" };

/**
 * The texts of a kops specification: a file of `kops get cluster,instancegroups -o yaml`, or a cluster's part of a state store,
 * as a folder or as `s3://BUCKET/CLUSTER`.
 *
 * @throws UserError `config-invalid` where it can't be read
 */
export async function kopsTexts(
  where: string,
  aws: { region: string; endpoint?: string } | undefined,
  context: Context,
): Promise<KopsText[]> {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+?)\/*$/.exec(where) ?? [];
  if (bucket && prefix) return fromBucket(bucket, prefix, aws, context);
  const path = resolve(context.edges.cwd, where);
  try {
    if ((await stat(path)).isDirectory()) return await fromFolder(where, path);
    return [{ name: where, text: await readFile(path, "utf8") }];
  } catch (error) {
    throw unreadable(where, messageOf(error), error);
  }
}

async function fromFolder(where: string, path: string): Promise<KopsText[]> {
  const groups = (await readdir(join(path, store.groups))).sort();
  const files = [store.cluster, ...groups.map((group) => join(store.groups, group))];
  return Promise.all(
    files.map(async (file) => ({ name: join(where, file), text: await readFile(join(path, file), "utf8") })),
  );
}

async function fromBucket(
  name: string,
  prefix: string,
  aws: { region: string; endpoint?: string } | undefined,
  context: Context,
): Promise<KopsText[]> {
  const where = `s3://${name}/${prefix}`;
  if (!aws) throw unreadable(where, "no region is known", undefined, "Give --region.");
  const { openBucket } = await import("../../../aws/s3.js");
  const { signal, random } = context.edges;
  const bucket = openBucket(name, aws, { clock: clockOf(context), random });
  try {
    const keys = await bucket.keys(`${prefix}/${store.groups}/`, signal);
    const texts: KopsText[] = [];
    for (const key of [`${prefix}/${store.cluster}`, ...keys.map((each) => each.key)]) {
      const object = await bucket.get(key, signal);
      if (object) texts.push({ name: `s3://${name}/${key}`, text: object.body.toString("utf8") });
    }
    if (texts.length === 0) throw unreadable(where, `it has no ${store.cluster} and no ${store.groups}/`);
    return texts;
  } finally {
    bucket.close();
  }
}

function unreadable(where: string, why: string, cause?: unknown, fix?: string): UserError {
  return new UserError({
    code: "config-invalid",
    what: `${where}: the kops specification can't be read: ${why}`,
    fix: fix ?? "Write it by: kops get cluster,instancegroups --name CLUSTER -o yaml > FILE",
    cause,
  });
}
