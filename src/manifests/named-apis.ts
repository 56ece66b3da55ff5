import { splitDocuments } from "./split-list.js";

/** What one document of a manifest says that it is. */
export interface NamedApi {
  apiVersion: string;
  kind: string;
}

/**
 * What the documents of a rendered manifest say that they are, each once: by their lines, since Helm keeps hundreds of manifests whose
 * other content is of no interest.
 */
export function namedApis(manifest: string): NamedApi[] {
  const found = new Map<string, NamedApi>();
  for (const { text } of splitDocuments(manifest)) {
    const apiVersion = /^apiVersion:[ \t]*["']?([^\s"'#]+)/m.exec(text)?.[1];
    const kind = /^kind:[ \t]*["']?([^\s"'#]+)/m.exec(text)?.[1];
    if (apiVersion !== undefined && kind !== undefined) found.set(`${apiVersion} ${kind}`, { apiVersion, kind });
  }
  return [...found.values()];
}
