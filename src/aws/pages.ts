/** All items of a list that comes in pages; each page is a call of its own. */
export async function allPages<Page, Item>(
  read: (next: string | undefined) => Promise<Page>,
  of: (page: Page) => { items: Item[] | undefined; next: string | undefined },
): Promise<Item[]> {
  const found: Item[] = [];
  let next: string | undefined;
  do {
    const { items = [], next: after } = of(await read(next));
    found.push(...items);
    next = after;
    // Emulators give an empty string at the end.
  } while (next);
  return found;
}

/** In parts of at most `size`: filters take 200 values. */
export function chunksOf<T>(all: readonly T[], size = 200): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
