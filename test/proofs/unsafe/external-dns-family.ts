import type { Family } from "./situation.js";
import type { Scene } from "./workshop.js";

/** An external-dns beside the shift, on either cluster. Nothing in the zone says what is its, so that what it says of itself decides. */
export const otherWriters: Family<Scene> = {
  name: "external-dns",
  situation(random, safe) {
    const colour = random.pick(["blue", "green"] as const);
    const running = (what: string, args: string[], replicas = 1) => ({
      what: `${colour}'s external-dns ${what}`,
      make: (scene: Scene) => {
        scene[colour].moods = [{ from: 0, showing: { externalDns: { args, replicas } } }];
      },
    });
    const noop = "--registry=noop";
    if (safe)
      return random.pick([
        running("is at 0", [noop], 0),
        running("only creates", [noop, "--policy=create-only"]),
        running("only says what it would do", [noop, "--dry-run"]),
        running("writes to another provider", [noop, "--provider=cloudflare"]),
        running("has other domains", [noop, "--domain-filter=elsewhere.example"]),
        running("owns nothing of it", ["--txt-owner-id=one"]),
      ]);
    const situation = random.pick<[string, string[], RegExp]>([
      ["keeps no registry", [noop], /keeps no registry/],
      ["keeps none, and never deletes", [noop, "--policy=upsert-only"], /--policy=upsert-only/],
      ["keeps its registry elsewhere", ["--registry=dynamodb"], /isn't read here/],
      ["encrypts its registry", ["--txt-encrypt-enabled"], /isn't read here/],
    ]);
    const [what, args, says] = situation;
    return { ...running(what, args, random.between(1, 3)), refused: { code: "external-dns-active", says } };
  },
};
