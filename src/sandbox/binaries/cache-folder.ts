import { join } from "node:path";

/**
 * Where programs are kept between runs: the user's cache folder, by the platform's custom. Everything in it can be
 * fetched or built again, so it may be deleted at any time when no sandbox is starting.
 */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  const base = env.XDG_CACHE_HOME || (platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache"));
  return join(base, "clustershift");
}
