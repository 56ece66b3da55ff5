import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JsonObject, type KubeObject, refKey, refOf } from "../../src/model/objects.js";
import { type ReplayResult, replay } from "../../src/replay/replay.js";
import { standard } from "../../src/replay/standard.js";
import { object } from "./objects.js";
import { Hand, only, open, servers, why } from "./servers.js";

/** What each API server gives an object anew; everything else must be on green as blue's API gives it. */
const serverFields = ["uid", "resourceVersion", "generation", "creationTimestamp", "selfLink", "managedFields"];

const mark = `fidelity-${randomBytes(4).toString("hex")}`;
const group = `${mark}.example`;

const free = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
const schema = {
  free,
  nullable: { type: "string", nullable: true },
  percent: { "x-kubernetes-int-or-string": true },
  embedded: { ...free, "x-kubernetes-embedded-resource": true },
  long: { type: "integer", format: "int64" },
  ratio: { type: "number" },
  filled: { type: "string", default: "by the schema" },
  list: { type: "array", items: { type: "string" } },
};

/** The definition, as it is when objects are written, and with a field fewer, as it is when they are read. */
const definition = (properties: JsonObject) =>
  object(`apiextensions.k8s.io/v1 CustomResourceDefinition oddities.${group}`, {
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: "Oddity", plural: "oddities", singular: "oddity", listKind: "OddityList" },
      versions: ["v1", "v2"].map((name) => ({
        name,
        served: true,
        storage: name === "v2",
        schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties } } } },
      })),
    },
  });

const oddity = (name: string, spec: JsonObject) => object(`${group}/v1 Oddity ${mark}/${name}`, { spec });
const megabyte = "0123456789abcdef".repeat(60_000);

const odd: KubeObject[] = [
  oddity("numbers", {
    long: 9007199254740993n,
    ratio: 0.1,
    free: { most: 9223372036854775807n, least: -9223372036854775808n, tiny: 1e-7, huge: 1e300, none: 0, round: 2 },
  }),
  oddity("nothing", {
    nullable: null,
    list: [],
    free: { null: null, empty: {}, none: [], text: "", no: false, zero: 0 },
  }),
  oddity("either", { percent: "25%", free: { deep: [[[{ a: [null, 9007199254740993n] }]]] } }),
  oddity("number", { percent: 25 }),
  oddity("embedded", {
    embedded: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "inner", labels: { a: "b" } },
      data: { a: "1" },
    },
  }),
  oddity("pruned", { filled: "by hand", list: ["ü", "\u0000\u2028\ud83d\ude80", '"'] }),
  object(`v1 ConfigMap ${mark}/large`, { data: { a: megabyte } }),
  object(`v1 ConfigMap ${mark}/strange`, {
    data: JSON.parse(
      '{"__proto__":"kept","constructor":"kept","-.-":"dots","text":"\\r\\n\\t trailing \\n"}',
    ) as JsonObject,
    binaryData: { bytes: randomBytes(64).toString("base64"), none: "" },
  }),
  object(`v1 Secret ${mark}/empty`, { data: { empty: "", "a.b-c_d": "AA==" } }),
  object(
    `v1 ConfigMap ${mark}/noted`,
    {},
    { annotations: { "acme.example/json": '{"a":1,"a":2,"n":9007199254740993}', "acme.example/empty": "" } },
  ),
];

describe.skipIf(!servers)(`odd objects on their way between real servers${why}`, () => {
  let blue: Hand;
  let green: Hand;
  let result: ReplayResult;

  beforeAll(async () => {
    blue = new Hand(await open(servers?.blueFile ?? ""));
    green = new Hand(await open(servers?.greenFile ?? ""));
    await blue.write(object(`v1 Namespace ${mark}`));
    await blue.write(definition(schema));
    for (const it of odd) await blue.write(it);
    // What the schema knows no more stays in etcd, and is pruned from each answer.
    const { list: _, ...fewer } = schema;
    await blue.write(definition(fewer));
    result = await replay(await only(mark, blue.server, green.server), standard, {
      green: green.server,
      concurrency: 8,
    });
  });
  afterAll(async () => {
    for (const hand of [blue, green]) {
      await hand.remove(object(`v1 Namespace ${mark}`));
      await hand.remove(definition(schema));
      await hand.server.close();
    }
  });

  it("lets each of them arrive", () => {
    expect(result.outcomes.filter(({ ending }) => ending === "failed")).toEqual([]);
    expect(result.expected.map(({ source }) => refKey(source))).toEqual(
      expect.arrayContaining(odd.map((it) => refKey(refOf(it)))),
    );
  });

  it.each(odd.map((it): [string, KubeObject] => [it.metadata.name, it]))("gives %s as blue does", async (_, it) => {
    const [from, to] = [await blue.read(it), await green.read(it)];
    expect(own(to)).toEqual(own(from));
  });

  it("has seen what it is about", async () => {
    const read = async (name: string) => (await green.read(oddity(name, {})))?.spec as JsonObject;
    expect(await read("numbers")).toMatchObject({ long: 9007199254740993n, free: { most: 9223372036854775807n } });
    expect(await read("nothing")).toMatchObject({
      nullable: null,
      filled: "by the schema",
      free: { null: null, none: [] },
    });
    expect(await read("pruned")).toEqual({ filled: "by hand" });
    const strange = await green.read(object(`v1 ConfigMap ${mark}/strange`));
    expect(Object.keys(strange?.data as JsonObject).sort()).toEqual(["-.-", "__proto__", "constructor", "text"]);
  });
});

function own(object: KubeObject | undefined): unknown {
  if (!object) return undefined;
  const metadata = Object.entries(object.metadata).filter(([field]) => !serverFields.includes(field));
  return { ...object, metadata: Object.fromEntries(metadata) };
}
