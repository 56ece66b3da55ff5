import { ago, lowered, minute } from "../../run/evidence.js";
import type { Family } from "./situation.js";
import type { Scene } from "./workshop.js";

/** Records whose old TTL resolvers may still hold. Its workshop asks for 60 s. */
const family: Family<Scene> = {
  name: "TTLs",
  situation(random, safe) {
    const over = ago(random.between(1, 900) * minute);
    if (safe)
      return {
        what: "lowered, and the old one is over",
        make: (scene) => scene.journal(lowered(random.between(1, 60), over)),
      };
    const [what, says, make] = random.pick<[string, RegExp, (scene: Scene) => Promise<void> | void]>([
      ["never lowered", /have not been lowered to/, () => {}],
      [
        "lowered too little",
        /have not been lowered to/,
        (scene) => scene.journal(lowered(random.between(61, 900), over)),
      ],
      [
        "the old one isn't over",
        /old TTL until/,
        (scene) => scene.journal(lowered(60, ago(-random.between(1, 900) * minute))),
      ],
      [
        "undone since",
        /have not been lowered to/,
        (scene) => scene.journal(lowered(60, over), { type: "event", phase: "prepare", event: "undone", data: {} }),
      ],
    ]);
    return { what, refused: { code: "ttl-not-lowered", says }, make };
  },
};

export const loweredTtls = { family, ttl: "60s" };
