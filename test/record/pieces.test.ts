import { expect, it } from "vitest";
import { joinPieces, pieceName } from "../../src/record/pieces.js";

const pieces = (...all: [offset: number, text: string][]) =>
  new Map(all.map(([offset, text]) => [pieceName(offset), Buffer.from(text)]));

it("puts a journal together in the order of its bytes, and looks at nothing else", () => {
  const entries = pieces([5, "b\n"], [0, "aaaa\n"], [7, "cc\n"]).set("state/plan.json", Buffer.from("{}"));
  expect(joinPieces(entries).toString()).toBe("aaaa\nb\ncc\n");
  expect(joinPieces(new Map())).toHaveLength(0);
});

it("takes a piece that filled a gap, and reaches into later ones, where both say the same", () => {
  expect(joinPieces(pieces([0, "aaaa\n"], [5, "b\ncc\n"], [7, "cc\n"])).toString()).toBe("aaaa\nb\ncc\n");
  expect(joinPieces(pieces([0, "aaaa\nb\n"], [5, "b\ncc\n"])).toString()).toBe("aaaa\nb\ncc\n");
});

it.each<[string, Map<string, Buffer>, string]>([
  ["whose first piece is missing", pieces([5, "b\n"]), "bytes 0 to 5 are missing"],
  ["of which one is missing in the middle", pieces([0, "aaaa\n"], [7, "cc\n"]), "bytes 5 to 7 are missing"],
  ["of which one was cut short", pieces([0, "aaa"], [5, "b\n"]), "bytes 3 to 5 are missing"],
  ["of which one is too long", pieces([0, "aaaa\nxy"], [5, "b\n"]), "journal/000000000005 contradicts"],
])("refuses a journal %s: what follows must not go unseen", (_, entries, what) => {
  expect(() => joinPieces(entries)).toThrow(
    expect.objectContaining({ code: "journal-damaged", message: expect.stringContaining(what) }),
  );
});
