import { messageOf } from "../model/errors.js";

/** By the mark at a file's front: UTF-16 is what PowerShell's `>` writes. */
const marks: readonly { bytes: readonly number[]; encoding: string }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: "utf-8" },
  { bytes: [0xff, 0xfe], encoding: "utf-16le" },
  { bytes: [0xfe, 0xff], encoding: "utf-16be" },
];

/** The text of a file, without the mark. Throws an Error that says why it is none: nothing is replaced in silence. */
export function decode(bytes: Uint8Array): string {
  const mark = marks.find((each) => each.bytes.every((byte, index) => bytes[index] === byte));
  try {
    const text = new TextDecoder(mark?.encoding ?? "utf-8", { fatal: true }).decode(bytes);
    if (text.includes("\0")) throw new Error("it has NUL characters");
    return text;
  } catch (error) {
    throw new Error(`is no text: ${error instanceof TypeError ? "it isn't UTF-8" : messageOf(error)}`);
  }
}
