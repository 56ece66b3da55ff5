import { refused } from "./refused.js";
import { utf8 } from "./utf8.js";

/** What else may be said of an entry: nothing here goes by it. */
const passedOver = /^(mtime|atime|ctime|uid|gid|uname|gname|comment|charset|SCHILY\..+|LIBARCHIVE\..+)$/;

/**
 * The name in a PAX header, which Go's tar writes where a name doesn't fit the old form. What would make another entry of the
 * one that follows is refused: a size, a link, a sparse file. Throws `UserError` bundle-invalid.
 */
export function parsePax(content: Buffer, where: string): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const digits = space === -1 ? "" : content.toString("latin1", at, space);
    const end = at + Number(digits);
    if (!/^[1-9]\d{0,5}$/.test(digits) || end > content.length || end <= space + 1 || content[end - 1] !== 0x0a)
      throw refused(where, "is a damaged PAX header");
    const record = nameIn(content.subarray(space + 1, end - 1), where);
    const [key = "", ...rest] = record.split("=");
    const value = rest.join("=");
    if (rest.length === 0) throw refused(where, "is a damaged PAX header");
    if (key === "path") {
      if (path !== undefined) throw refused(where, "is a PAX header with two paths");
      if (value === "") throw refused(where, "is a PAX header with an empty path");
      path = value;
    } else if (!passedOver.test(key)) throw refused(where, `is a PAX header that sets ${key}: Velero writes none such`);
    at = end;
  }
  return path;
}

/** Throws `UserError` bundle-invalid where it is no UTF-8. */
export function nameIn(bytes: Uint8Array, where: string): string {
  try {
    return utf8(bytes);
  } catch (error) {
    throw refused(where, "has a name that is no UTF-8", error);
  }
}
