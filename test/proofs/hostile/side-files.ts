import { gzipSync } from "node:zlib";
import { archive, configMap, type Dice, type Family, type Hostile, harmless, version } from "./parts.js";
import { type RawEntry, rawTar } from "./raw-tar.js";

const record = (more: object = {}, name = "nightly") =>
  Buffer.from(JSON.stringify({ kind: "Backup", metadata: { name }, status: { phase: "Completed", ...more } }));
const gz = (value: unknown) => gzipSync(typeof value === "string" ? value : JSON.stringify(value));

/** An archive that is sound, with this beside it. */
function beside(dice: Dice, files: Record<string, Buffer>, names: RegExp): Hostile {
  const sound = archive(gzipSync(rawTar([version, ...harmless(dice)])));
  return { files: { ...sound, "velero-backup.json": record(), ...files }, names };
}

const lists = [
  "resource-list.json.gz",
  "volumesnapshots.json.gz",
  "podvolumebackups.json.gz",
  "csi-volumesnapshots.json.gz",
  "itemoperations.json.gz",
];

export const sideFamilies: Family[] = [
  {
    name: "side files that are bombs, or cut",
    make: (dice) => {
      const file = `nightly-${dice.pick([...lists, "results.gz"])}`;
      const whole = gz({ "v1/ConfigMap": ["shop/a"] });
      const bytes = dice.pick([
        gzipSync(Buffer.alloc(60 * 2 ** 20, 0x20), { level: 9 }),
        whole.subarray(0, whole.length - dice.between(1, 10)),
        Buffer.concat([whole, whole]),
        Buffer.from("no gzip"),
        gz(`${"[".repeat(100_000)}${"]".repeat(100_000)}`),
      ]);
      return beside(dice, { [file]: bytes }, new RegExp(`${file.replaceAll(".", "\\.")}: `));
    },
  },
  {
    name: "side files of another form",
    make: (dice) => {
      const [file, value] = dice.pick<[string, unknown]>([
        ["nightly-resource-list.json.gz", ["shop/a"]],
        ["nightly-resource-list.json.gz", { "v1/ConfigMap": "shop/a" }],
        ["nightly-resource-list.json.gz", { "v1/ConfigMap": [{ name: "a" }] }],
        ["nightly-resource-list.json.gz", { ConfigMap: ["shop/a"] }],
        ["nightly-resource-list.json.gz", '{"v1/ConfigMap":["a"],"v1/ConfigMap":["b"]}'],
        ["nightly-results.gz", ["error"]],
        ["nightly-results.gz", { errors: "none" }],
        ["nightly-results.gz", { warnings: { namespaces: { shop: "x" } } }],
        ["nightly-volumesnapshots.json.gz", { items: [] }],
        ["nightly-podvolumebackups.json.gz", '{"__proto__":[]}'],
      ]);
      return beside(dice, { [file]: gz(value) }, new RegExp(`${file.replaceAll(".", "\\.")}: `));
    },
  },
  {
    name: "side files of another backup",
    make: (dice) =>
      dice.pick<() => Hostile>([
        () => beside(dice, { "velero-backup.json": record({}, dice.word()) }, /velero-backup\.json: is of backup/),
        () =>
          beside(
            dice,
            { "velero-backup.json": Buffer.from('{"kind":"Restore"}') },
            /velero-backup\.json: is no Backup/,
          ),
        () =>
          beside(
            dice,
            { "nightly-itemoperations.json.gz": gz([{ spec: { backupName: dice.word() } }]) },
            /itemoperations\.json\.gz: is of backup/,
          ),
        () =>
          beside(
            dice,
            {
              "nightly-podvolumebackups.json.gz": gz([
                { metadata: { labels: { "velero.io/backup-name": dice.word() } } },
              ]),
            },
            /podvolumebackups\.json\.gz: is of backup/,
          ),
        () =>
          beside(
            dice,
            { "velero-backup.json": record({ phase: dice.pick(["Failed", "InProgress", "Deleting", ""]) }) },
            /nightly\.tar\.gz: its velero-backup\.json says/,
          ),
        () => beside(dice, { "velero-backup.json": Buffer.alloc(5 * 2 ** 20, 0x20) }, /velero-backup\.json: has/),
      ])(),
  },
  {
    name: "lists and counts that aren't the archive's",
    make: (dice) => {
      const there: RawEntry[] = [configMap("a"), configMap("b")];
      const sound = archive(gzipSync(rawTar([version, ...there])));
      const of = (names: string[], items: number) => ({
        ...sound,
        "velero-backup.json": record({ progress: { itemsBackedUp: items } }),
        "nightly-resource-list.json.gz": gz({ "v1/ConfigMap": names }),
      });
      return dice.pick<Hostile>([
        {
          files: of(["shop/a", "shop/b", "shop/lost"], 3),
          names: /nightly\.tar\.gz: lacks .*v1 shop\/ConfigMap\/lost/,
        },
        { files: of(["shop/a"], 1), names: /shop\/b: isn't among the items/ },
        { files: of(["shop/a", "shop/b"], 7), names: /resource-list\.json\.gz: names 2 items, where .* says 7/ },
        { files: of(["shop/a", "shop/a"], 2), names: /resource-list\.json\.gz: names an object .* twice/ },
        {
          files: { ...sound, "velero-backup.json": record({ progress: { itemsBackedUp: 9 } }) },
          names: /nightly\.tar\.gz: has 2 items, where .* says 9/,
        },
      ]);
    },
  },
];
