/** The text in bytes. Throws where they are no UTF-8, of which a decoder would make other text in silence. */
export function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
