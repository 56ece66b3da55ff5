const NEWLINE = 0x0a;

/**
 * The lines of a byte stream, without their newline. What follows the last newline is no line: it is the generator's
 * return value, which a `for await` passes over.
 */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, string> {
  let pieces: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      pieces.push(chunk.subarray(start, end));
      yield Buffer.concat(pieces).toString("utf8");
      pieces = [];
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
  return Buffer.concat(pieces).toString("utf8");
}
