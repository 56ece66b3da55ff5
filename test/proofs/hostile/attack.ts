import { mkdir, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { openBucket } from "../../../src/aws/s3.js";
import { UserError } from "../../../src/model/errors.js";
import { localFiles } from "../../../src/velero/files.js";
import { readBackup } from "../../../src/velero/read-backup.js";
import { filesInStore } from "../../../src/velero/store.js";
import { virtualClock } from "../../aws/clock.js";
import { startTampering } from "../../velero/tampering.js";
import { archiveName, type Dice, type Family, type Hostile } from "./parts.js";

export interface Attacked {
  family: string;
  /** Undefined where it wasn't refused. */
  code?: string;
  said: string;
  /** What is wrong with how it ended. */
  wrong: string[];
}

const region = "eu-central-1";
const Bucket = "hostile-backups";
const { signal } = new AbortController();

/** Where hostile backups are read, and everything that an archive could write to from there is looked at. */
export class Ground {
  private constructor(
    readonly dir: string,
    private readonly store: Awaited<ReturnType<typeof startTampering>>,
    private readonly s3: S3Client,
  ) {}

  /** `emulator`: the endpoint of a real object store. */
  static async open(dir: string, emulator: string): Promise<Ground> {
    for (const folder of ["spool", "backup", "outside"]) await mkdir(join(dir, folder), { recursive: true });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const s3 = new S3Client({ region, endpoint: emulator, credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
    return new Ground(dir, await startTampering(emulator), s3);
  }

  get outside(): string {
    return join(this.dir, "outside");
  }

  get endpoint(): string {
    return this.store.endpoint;
  }

  async close(): Promise<void> {
    this.s3.destroy();
    await this.store.close();
  }

  /** Has one backup read, which must be refused by name and leave nothing. */
  async attack(family: Family, dice: Dice): Promise<Attacked> {
    const hostile = family.make(dice);
    await this.lay(hostile);
    const before = await listing(this.dir);
    const attacked: Attacked = { family: family.name, said: "", wrong: [] };
    try {
      const files = hostile.tamper ? await this.#inStore() : await localFiles(this.archive);
      const options = { spoolFolder: join(this.dir, "spool"), ...(hostile.limits && { limits: hostile.limits }) };
      const backup = await readBackup(files, options);
      await backup.close();
      attacked.wrong.push("was taken");
    } catch (error) {
      attacked.said = error instanceof Error ? error.message : String(error);
      if (error instanceof UserError) attacked.code = error.code;
      else attacked.wrong.push(`ended with ${error instanceof Error ? error.stack : String(error)}`);
    }
    if (attacked.said !== "" && !hostile.names.test(attacked.said))
      attacked.wrong.push(`doesn't name ${hostile.names}`);
    if (attacked.said.length > 2_000) attacked.wrong.push("says more than anybody reads");
    const after = await listing(this.dir);
    if (after !== before) attacked.wrong.push(`left something: ${difference(before, after)}`);
    await this.clear();
    return attacked;
  }

  get archive(): string {
    return join(this.dir, "backup", archiveName);
  }

  /** Puts a backup where it is to be read from. */
  async lay({ files, tamper }: Hostile): Promise<void> {
    this.store.tamper = tamper;
    for (const [name, bytes] of Object.entries(files)) {
      if (tamper) await this.s3.send(new PutObjectCommand({ Bucket, Key: `backups/nightly/${name}`, Body: bytes }));
      else await writeFile(join(this.dir, "backup", name), bytes);
    }
  }

  async clear(): Promise<void> {
    this.store.tamper = undefined;
    for (const name of [archiveName, "velero-backup.json"])
      await this.s3.send(new DeleteObjectCommand({ Bucket, Key: `backups/nightly/${name}` }));
    await rm(join(this.dir, "backup"), { recursive: true });
    await mkdir(join(this.dir, "backup"));
  }

  /** For `--from`. */
  address({ tamper }: Hostile): string {
    return tamper ? `velero:s3://${Bucket}#nightly` : this.archive;
  }

  async #inStore() {
    const bucket = openBucket(Bucket, { region, endpoint: this.store.endpoint }, { clock: virtualClock() });
    return filesInStore({ bucket, prefix: "" }, "nightly", signal);
  }
}

/** Everything below a folder: kinds, sizes, modes, times, where links lead and what small files hold; nothing in the spool's. */
export async function listing(dir: string): Promise<string> {
  const lines: string[] = [];
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const { size, mode, mtimeMs } = await stat(path);
    const link = entry.isSymbolicLink() ? await readlink(path) : "";
    const isSpool = path === join(dir, "spool");
    const text = entry.isFile() && size < 10_000 ? (await readFile(path)).toString("base64") : "";
    lines.push([path, size, mode, isSpool ? "" : mtimeMs, link, text].join(" "));
  }
  return lines.sort().join("\n");
}

export function difference(before: string, after: string): string {
  const known = new Set(before.split("\n"));
  const added = after.split("\n").filter((line) => !known.has(line));
  return added.map((line) => line.slice(0, 200)).join("; ") || "something is gone";
}
