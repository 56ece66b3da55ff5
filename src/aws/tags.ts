interface SdkTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

/** Tags as every API of AWS has them, by their keys. */
export function tagsOf(tags: readonly SdkTag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}
