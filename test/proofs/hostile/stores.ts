import { gzipSync } from "node:zlib";
import { keyIn, type StoreAnswer, type Tamper } from "../../velero/tampering.js";
import { archive, type Dice, type Family, type Hostile, harmless, version } from "./parts.js";
import { rawTar } from "./raw-tar.js";

const record = JSON.stringify({ kind: "Backup", metadata: { name: "nightly" }, status: { phase: "Completed" } });

/** A sound backup in a store that makes this of its archive. */
function from(dice: Dice, made: (answer: StoreAnswer) => Partial<StoreAnswer>, names: RegExp): Hostile {
  const tamper: Tamper = (request, answer) => (keyIn(request)?.endsWith(".tar.gz") ? made(answer) : undefined);
  const tar = gzipSync(rawTar([version, ...harmless(dice)]));
  return { files: { ...archive(tar), "velero-backup.json": Buffer.from(record) }, names, tamper };
}

const of = (what: string) => new RegExp(`nightly\\.tar\\.gz (?:can't be read: )?.*${what}`);
const withLength = (headers: StoreAnswer["headers"], length: number) => ({
  ...headers,
  "content-length": String(length),
});

export const storeFamilies: Family[] = [
  {
    name: "object stores that lie about lengths",
    make: (dice) =>
      dice.pick<() => Hostile>([
        () =>
          from(
            dice,
            ({ body, headers }) => ({ body: body.subarray(0, 50), headers: withLength(headers, 50) }),
            of("lists \\d+ bytes and sends 50"),
          ),
        () =>
          from(
            dice,
            ({ body }) => ({ body: Buffer.concat([body, body]), headers: {} }),
            of("more than the \\d+ bytes"),
          ),
        () =>
          from(
            dice,
            ({ body, headers }) => ({
              body: Buffer.concat([body, body]),
              headers: withLength(headers, body.length * 2),
            }),
            of("lists \\d+ bytes and sends"),
          ),
        () => from(dice, () => ({ cutAfter: 0 }), of("the connection broke")),
        () =>
          from(
            dice,
            ({ body, headers }) => ({ body, headers: { ...headers, etag: '"another"' } }),
            of("changed since"),
          ),
      ])(),
  },
  {
    name: "object stores that list other sizes",
    make: (dice) => {
      const factor = dice.pick([2, 1_000_000]);
      const tamper: Tamper = (request, answer) =>
        keyIn(request) === undefined
          ? {
              body: Buffer.from(
                answer.body
                  .toString()
                  .replace(/<Size>(\d+)<\/Size>/g, (_, size) => `<Size>${Number(size) * factor}</Size>`),
              ),
            }
          : undefined;
      const tar = gzipSync(rawTar([version, ...harmless(dice)]));
      const files = { ...archive(tar), "velero-backup.json": Buffer.from(record) };
      return { files, tamper, names: /(velero-backup\.json|nightly\.tar\.gz).*(lists|has) \d+ bytes/ };
    },
  },
];
