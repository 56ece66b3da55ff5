/** A server block of a Corefile: the zones that it answers for, and its plugins. */
interface Block {
  zones: string[];
  plugins: { name: string; line: string; inner: string[] }[];
}

export interface CorefileDefaults {
  /** Zones that the block ships with; a block for another one was added. */
  isOwnZone(zone: string): boolean;
  /** Plugins that it ships with, beside the usual ones. */
  plugins: readonly string[];
}

const shipped: CorefileDefaults = { isOwnZone: (zone) => zone === ".", plugins: [] };

/** Plugins that kubeadm, kops and EKS ship in the one block, in any version. */
const usual = [
  "errors",
  "health",
  "ready",
  "kubernetes",
  "prometheus",
  "cache",
  "loop",
  "reload",
  "loadbalance",
  "debug",
  "autopath",
];

/**
 * What a person changed in a Corefile: blocks for other zones (stub domains), other resolvers, other plugins. In a few
 * words each. Order and comments don't count. Source: https://coredns.io/manual/toc/#configuration
 */
export function corefileChanges(corefile: string, defaults: CorefileDefaults = shipped): string[] {
  return parseCorefile(corefile).flatMap((block) => {
    const zones = block.zones.filter((zone) => !defaults.isOwnZone(zone));
    if (zones.length > 0) {
      const to = block.plugins.filter(isResolver).map(({ line }) => line);
      return [`a block for ${zones.join(", ")}${to.length > 0 ? ` (${to.join(", ")})` : ""}`];
    }
    return block.plugins.flatMap((plugin) => changeOf(plugin, defaults));
  });
}

function changeOf(plugin: Block["plugins"][number], defaults: CorefileDefaults): string[] {
  const { name, line, inner } = plugin;
  if (isResolver(plugin)) {
    const resolvers = line.split(/\s+/).slice(2);
    const own = resolvers.every((each) => each === "/etc/resolv.conf" || each.startsWith("__PILLAR__"));
    return own ? [] : [line];
  }
  if (name === "kubernetes") {
    const zones = line.split(/\s+/).slice(1);
    const other = zones.filter((zone) => !/^(cluster\.local\.?|in-addr\.arpa|ip6\.arpa)$/.test(zone));
    return other.length > 0 ? [`kubernetes ${other.join(" ")}`] : [];
  }
  if (usual.includes(name) || defaults.plugins.includes(name)) return [];
  return [inner.length > 0 ? `${line} { ${inner.join("; ")} }` : line];
}

function isResolver({ name }: { name: string }): boolean {
  return name === "forward" || name === "proxy";
}

/** Blocks and their plugins, line by line; what can't be read so is left out rather than guessed at. */
function parseCorefile(corefile: string): Block[] {
  const blocks: Block[] = [];
  let depth = 0;
  for (const line of linesOf(corefile)) {
    const opens = line.endsWith("{");
    const words = (opens ? line.slice(0, -1) : line).trim();
    const block = blocks.at(-1);
    if (line === "}") depth = Math.max(0, depth - 1);
    else if (depth === 0) blocks.push({ zones: zonesOf(words), plugins: [] });
    else if (depth === 1) block?.plugins.push({ name: words.split(/\s+/)[0] ?? "", line: words, inner: [] });
    else block?.plugins.at(-1)?.inner.push(words);
    if (opens) depth++;
  }
  return blocks;
}

/** Without comments and empty lines, and with a new line after each brace that opens and before each that closes. */
function linesOf(corefile: string): string[] {
  return corefile
    .split("\n")
    .flatMap((line) =>
      line
        .replace(/(^|\s)#.*$/, "")
        .replace(/(^|\s)\{\s+(?=\S)/g, " {\n")
        .replace(/\s+\}(?=\s|$)/g, "\n}")
        .split("\n"),
    )
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** `acme.example:53` and `dns://acme.example` are both acme.example's. */
function zonesOf(words: string): string[] {
  return words
    .split(/[\s,]+/)
    .filter((zone) => zone !== "")
    .map((zone) => zone.replace(/^\w+:\/\//, "").replace(/:\d+$/, ""));
}
