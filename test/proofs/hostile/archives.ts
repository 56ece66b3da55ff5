import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Limits } from "../../../src/velero/limits.js";
import { archive, configMap, type Dice, type Family, type Hostile, harmless, maps, version } from "./parts.js";
import { pax, type RawEntry, rawEntry, rawTar, tarEnd } from "./raw-tar.js";

/** Hostile entries somewhere among harmless ones. */
function among(dice: Dice, entries: RawEntry[], names: RegExp, limits?: Partial<Limits>): Hostile {
  const tar = rawTar([version, ...harmless(dice), ...entries, ...harmless(dice).map(renamed)]);
  return { files: archive(gzipSync(tar)), names, ...(limits && { limits }) };
}

function renamed({ name, content = "" }: RawEntry): RawEntry {
  const other = String(name).replace(/\/([a-z]+-\d+)\.json$/, "/after-$1.json");
  return { name: other, content: String(content).replace(/"name":"/, '"name":"after-') };
}

const big = (bytes: Buffer) => gzipSync(bytes, { level: 9 });
/** Of exactly 12 bytes. */
const field = (text: string) => Buffer.from(text.padEnd(12, "\0").slice(0, 12), "latin1");
const json = (content: string | Buffer): RawEntry => ({ name: `${maps}/odd.json`, content });
const odd = /shop\/odd\.json: /;

const ofPaths: Family[] = [
  {
    name: "paths that lead out by ..",
    make: (dice) => {
      const up = "../".repeat(dice.between(1, 8));
      const folder = dice.pick(["resources/configmaps/", "resources/", "", `${maps}/`, "metadata/"]);
      const name = `${folder}${up}${dice.outside.slice(1)}/${dice.word()}`;
      return among(
        dice,
        [{ name: name.slice(0, 99), content: "x", type: dice.pick(["0", "5"]) === "5" ? "5" : "0" }].map((each) =>
          each.type === "5" ? { ...each, content: "" } : each,
        ),
        /leads out of the backup/,
      );
    },
  },
  {
    name: "absolute paths",
    make: (dice) => {
      const name = dice.pick([
        `${dice.outside}/${dice.word()}.json`,
        `/etc/cron.d/${dice.word()}`,
        "C:/Windows/x.json",
        "//host/share/x",
      ]);
      return among(dice, [{ name, content: "x" }], /is an absolute path|is no plain path/);
    },
  },
  {
    name: "links",
    make: (dice) => {
      const name = `${maps}/${dice.word()}.json`;
      const link = dice.pick([dice.outside, "/etc/passwd", "../../../../etc", `${maps}/a.json`]);
      const through = { name: `${name}/${dice.word()}`, content: "x" };
      return among(
        dice,
        [{ name, type: dice.pick(["1", "2"]), link }, through],
        /shop\/[a-z]+\.json: is no file but a .* link/,
      );
    },
  },
  {
    name: "devices and pipes",
    make: (dice) =>
      among(dice, [{ name: `${maps}/dev.json`, type: dice.pick(["3", "4", "6", "7"]) }], /shop\/dev\.json: is no file/),
  },
  {
    name: "names with control characters",
    make: (dice) => {
      const evil = dice.pick(["\n", "\r", "\x1b[2J", "\x07", "\x7f", "\t"]);
      return among(
        dice,
        [{ name: `${maps}/a${evil}b.json`, content: "{}" }],
        /shop\/a.*b\.json: has a control character/s,
      );
    },
  },
  {
    name: "names with a zero in them",
    make: (dice) => {
      const path = `${maps}/a\0${dice.word()}.json`;
      return among(
        dice,
        [pax({ path }), { name: "short", content: "{}" }],
        /shop\/a.*\.json: has a control character/s,
      );
    },
  },
  {
    name: "names with backslashes",
    make: (dice) => {
      const name = dice.pick(["..\\..\\windows\\x.json", "a\\b.json", "\\\\host\\x.json"]);
      return among(dice, [{ name: `${maps}/${name}`, content: "{}" }], /\\.*\.json: has a backslash/);
    },
  },
  {
    name: "overlong names",
    make: (dice) => {
      const long = `${maps}/${"n".repeat(dice.between(70_000, 200_000))}.json`;
      const entry = dice.pick([pax({ path: long }), { name: "././@LongLink", type: "L", content: `${long}\0` }]);
      return among(dice, [entry, { name: "short", content: "{}" }], /more than 65536/);
    },
  },
  {
    name: "names that are no UTF-8",
    make: (dice) => {
      const bad = Buffer.from([dice.between(0x80, 0xbf), 0xff, 0xfe]);
      const name = Buffer.concat([Buffer.from(`${maps}/`), bad, Buffer.from(".json")]);
      const long: RawEntry = { name: "././@LongLink", type: "L", content: Buffer.concat([name, Buffer.from([0])]) };
      const entries = dice.pick([[{ name, content: "{}" }], [long, { name: "x", content: "{}" }]]);
      return among(dice, entries, /has a name that is no UTF-8/);
    },
  },
];

const ofHeaders: Family[] = [
  {
    name: "PAX headers that rewrite paths",
    make: (dice) => {
      const path = dice.pick([`${dice.outside}/x`, "resources/../../x", "", `${maps}/../x.json`, "resources/x.txt"]);
      const twice = {
        ...pax({ path: "a" }),
        content: Buffer.concat([pax({ path: "a" }).content as Buffer, pax({ path: "b" }).content as Buffer]),
      };
      const entry = dice.pick([pax({ path }), twice]);
      return among(dice, [entry, configMap("innocent")], /x|PAX header|absolute|leads out/);
    },
  },
  {
    name: "PAX headers that make another entry",
    make: (dice) => {
      const records = dice.pick<Record<string, string>>([
        { size: String(dice.between(0, 2 ** 30)) },
        { size: "-1" },
        { linkpath: "/etc/passwd" },
        { "GNU.sparse.major": "1", "GNU.sparse.realsize": "99999999999" },
        { hdrcharset: "BINARY" },
      ]);
      const damaged = {
        ...pax({ path: "x" }),
        content: dice.pick(["99999 path=x\n", "-5 a=b\n", "path=x\n", "0 a\n"]),
      };
      return among(
        dice,
        [
          dice.pick([pax(records, "PaxHeaders.0/evil"), { ...damaged, name: "PaxHeaders.0/evil" }]),
          configMap("innocent"),
        ],
        /PaxHeaders\.0\/evil: /,
      );
    },
  },
  {
    name: "GNU long names",
    make: (dice) => {
      const long = (name: string): RawEntry => ({ name: "././@LongLink", type: "L", content: `${name}\0` });
      const entries = dice.pick<RawEntry[]>([
        [long("../".repeat(50)), configMap("innocent")],
        [long(`${dice.outside}/x`), configMap("innocent")],
        [long("a"), long("b"), configMap("innocent")],
        [{ name: "././@LongLink", type: "K", content: "/etc/passwd\0" }, configMap("innocent")],
      ]);
      return among(dice, entries, /leads out|absolute|name given twice|LongLink: is no file/);
    },
  },
  {
    name: "entries of other kinds",
    make: (dice) =>
      among(
        dice,
        [{ name: `${maps}/odd.json`, type: dice.pick(["S", "V", "M", "D", "g", "A", "\x01"]), content: "{}" }],
        odd,
      ),
  },
  {
    name: "wrong checksums",
    make: (dice) =>
      among(
        dice,
        [{ ...configMap("odd"), checksumOff: dice.between(1, 5_000) }],
        /after resources\/.*checksum differs/,
      ),
  },
  {
    name: "sizes that aren't",
    make: (dice) => {
      const size = dice.pick<number | Buffer>([
        Buffer.concat([Buffer.from([0xff]), Buffer.alloc(11, 0xff)]),
        Buffer.concat([Buffer.from([0x80]), Buffer.alloc(11, 0x7f)]),
        field("77777777777"),
        field("777777777777"),
        field("-0000000001"),
        field("0x10"),
        field("1e9"),
        field("00000000008"),
        33 * 2 ** 20 + dice.between(0, 1_000),
      ]);
      return among(dice, [{ ...configMap("odd"), size }], /odd\.json/);
    },
  },
];

const ofDamage: Family[] = [
  {
    name: "a gzip that is cut",
    make: (dice) => {
      const whole = gzipSync(
        rawTar([
          version,
          ...harmless(dice),
          configMap("last", { data: { noise: randomBytes(4_000).toString("hex") } }),
        ]),
      );
      return {
        files: archive(whole.subarray(0, dice.between(0, whole.length - 1))),
        names: /nightly\.tar\.gz: is (empty|no whole gzip)/,
      };
    },
  },
  {
    name: "a tar that is cut",
    make: (dice) => {
      const whole = rawTar([version, ...harmless(dice)]);
      return { files: archive(gzipSync(whole.subarray(0, dice.between(1, whole.length - 1_025)))), names: /is cut/ };
    },
  },
  {
    name: "bytes behind the end",
    make: (dice) => {
      const tar = rawTar([version, ...harmless(dice)]);
      const garbage = dice.pick([
        Buffer.alloc(dice.between(1, 600)),
        randomBytes(dice.between(1, 600)),
        Buffer.from("x"),
      ]);
      const hidden = gzipSync(Buffer.concat([tar, rawEntry(configMap("hidden")), tarEnd]));
      const bytes = dice.pick([Buffer.concat([gzipSync(tar), garbage]), hidden]);
      return { files: archive(bytes), names: /nightly\.tar\.gz: goes on behind its end/ };
    },
  },
  {
    name: "gzips one after another",
    make: (dice) => {
      const tar = rawTar([version, ...harmless(dice)]);
      const cut = dice.between(1, tar.length - 1);
      const parts = dice.pick([
        [tar.subarray(0, cut), tar.subarray(cut)],
        [tar, Buffer.alloc(0)],
        [tar, tar],
      ]);
      return {
        files: archive(Buffer.concat(parts.map((part) => gzipSync(part)))),
        names: /nightly\.tar\.gz: (goes on behind its end|is no whole)/,
      };
    },
  },
  {
    name: "damaged gzips",
    make: (dice) => {
      const whole = gzipSync(rawTar([version, ...harmless(dice)]));
      const bytes = Buffer.from(whole);
      const at = dice.pick([0, 1, 2, 3, whole.length - 1, whole.length - 5, dice.between(10, whole.length - 9)]);
      bytes[at] = (bytes[at] ?? 0) ^ (at === 3 ? 0xe0 : 1 << dice.between(0, 7));
      return { files: archive(bytes), names: /nightly\.tar\.gz|resources\/|metadata\// };
    },
  },
];

const ofBombs: Family[] = [
  {
    name: "bombs of zeros",
    make: (dice) => {
      const zeros = Buffer.alloc(2 ** 20 * dice.between(40, 80), dice.pick([0, 0x20]));
      const inEntry = Buffer.concat([
        rawEntry(version),
        rawEntry({ name: `${maps}/odd.json`, content: zeros }),
        tarEnd,
      ]);
      const nested = rawEntry({ name: `${maps}/odd.json`, content: big(big(zeros)) });
      return dice.pick<() => Hostile>([
        () => ({ files: archive(big(inEntry)), names: odd }),
        () => ({ files: archive(big(Buffer.concat([rawEntry(version), zeros]))), names: /nightly\.tar\.gz: / }),
        () => ({ files: archive(gzipSync(Buffer.concat([rawEntry(version), nested, tarEnd]))), names: odd }),
      ])();
    },
  },
  {
    name: "many tiny entries",
    make: (dice) => {
      const folder = rawEntry({ name: "resources/", type: "5" });
      const folders = Buffer.alloc(512 * 80_000, folder);
      const few = Array.from({ length: dice.between(300, 600) }, (_, n) => configMap(`c${n}`));
      return dice.pick<() => Hostile>([
        () => ({
          files: archive(big(Buffer.concat([rawEntry(version), folders, tarEnd]))),
          names: /nightly\.tar\.gz: unpacks to more than 150 times/,
        }),
        () => ({
          files: archive(gzipSync(rawTar([version, ...few]))),
          names: /c\d+\.json: is one more than 200 entries/,
          limits: { entries: 200 },
        }),
      ])();
    },
  },
  {
    name: "enormous JSON",
    make: (dice) =>
      dice.pick<() => Hostile>([
        () => among(dice, [json(Buffer.alloc(33 * 2 ** 20, 0x20))], odd),
        () => among(dice, [json(`{${'"k":0,'.repeat(1_100_000)}"z":0}`)], /odd\.json: has more than 1000000 values/),
        () => among(dice, [json(`[${"[],".repeat(1_100_000)}[]]`)], /odd\.json: has more than 1000000 values/),
        () => among(dice, [json(`"${"x".repeat(30 * 2 ** 20)}"`)], odd),
      ])(),
  },
  {
    name: "deep JSON",
    make: (dice) => {
      const depth = dice.between(501, 400_000);
      const [open, close] = dice.pick([
        ["[", "]"],
        ['{"a":', "}"],
        ['[{"a":', "}]"],
      ] as const);
      return among(
        dice,
        [json(`${open.repeat(depth)}1${close.repeat(depth)}`)],
        /odd\.json: (is nested more|has more than)/,
      );
    },
  },
];

const ofContent: Family[] = [
  {
    name: "entries that are there twice",
    make: (dice) => {
      const twice = [configMap("odd"), configMap("odd", dice.pick([{}, { data: { other: dice.word() } }]))];
      const copy = {
        ...configMap("odd", { data: { other: "x" } }),
        name: "resources/configmaps/v1-preferredversion/namespaces/shop/odd.json",
      };
      return among(
        dice,
        dice.pick([twice, [configMap("odd"), copy], [version]]),
        /odd\.json: (is there twice|differs)|metadata\/version: is there twice/,
      );
    },
  },
  {
    name: "paths that disagree with their content",
    make: (dice) => {
      const metadata = { namespace: "shop", name: "odd" };
      const content = dice.pick([
        { apiVersion: "v1", kind: "ConfigMap", metadata: { ...metadata, name: "other" } },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { ...metadata, namespace: "kube-system" } },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "odd" } },
        { apiVersion: "v1", kind: "Secret", metadata },
        { apiVersion: "apps/v1", kind: "Deployment", metadata },
        { apiVersion: "v1/../x", kind: "ConfigMap", metadata },
        { apiVersion: "v1", kind: "../ConfigMap", metadata },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { ...metadata, labels: ["x"] } },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { ...metadata, ownerReferences: [{ uid: 7 }] } },
      ]);
      return among(dice, [json(JSON.stringify(content))], odd);
    },
  },
  {
    name: "files that are nothing",
    make: (dice) => {
      const content = dice.pick<string | Buffer>([
        "",
        "null",
        "[]",
        "7",
        '"x"',
        "{",
        "{'a': 1}",
        "apiVersion: v1",
        Buffer.from([0x7b, 0xff, 0x7d]),
        "\ufeff{}",
        "{}{}",
        "NaN",
        randomBytes(300),
      ]);
      const where = dice.pick<RawEntry>([
        json(content),
        json(content),
        { name: "resources/odd.json", content },
        { name: `${maps}/odd.yaml`, content },
      ]);
      return among(dice, [where], /odd\.(json|yaml): /);
    },
  },
  {
    name: "fields twice, and __proto__",
    make: (dice) => {
      const metadata = '"metadata":{"namespace":"shop","name":"odd"}';
      const start = `{"apiVersion":"v1","kind":"ConfigMap",${metadata}`;
      const content = dice.pick([
        `${start},"kind":"Secret"}`,
        `${start},"data":{"a":"1","a":"2"}}`,
        `${start},"data":{"a":"1","a":"1"}}`,
        `${start},"metadata":{"namespace":"kube-system","name":"odd"}}`,
        `${start},"__proto__":{"polluted":true}}`,
        `${start},"data":{"__proto__":{"x":"y"}}}`,
        `${start},"data":{"\\u005f_proto__":{"x":"y"}}}`,
        `${start},"__proto__":{"n":12345678901234567890}}`,
      ]);
      return among(dice, [json(content)], odd);
    },
  },
];

export const archiveFamilies: Family[] = [...ofPaths, ...ofHeaders, ...ofDamage, ...ofBombs, ...ofContent];
