import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { definition, object } from "../replay/objects.js";
import { Hand, only, open, servers, why } from "../replay/servers.js";
import { isHeld, replayAgain } from "./replay-again.js";

/** The proof's short form: a handful of objects on the servers that all tests share. */
it.skipIf(!servers)(`a replay again writes what changed on blue, and nothing else${why}`, async () => {
  const mark = `again-${randomBytes(4).toString("hex")}`;
  const [blue, green] = [await open(servers?.blueFile ?? ""), await open(servers?.greenFile ?? "")];
  const hand = new Hand(blue);
  const kind = definition("Thing", `${mark}.example`, ["v1"]);
  try {
    await hand.write(object(`v1 Namespace ${mark}`));
    await hand.write(kind);
    for (let index = 0; index < 12; index++) {
      await hand.write(object(`v1 ConfigMap ${mark}/c${index}`, { data: { index: String(index) } }));
      await hand.write(object(`v1 Secret ${mark}/s${index}`, { data: { index: "MQ==" } }));
      await hand.write(object(`${mark}.example/v1 Thing ${mark}/t${index}`, { spec: { index } }));
    }
    const again = await replayAgain(blue, green, () => only(mark, blue, green), 10);
    expect({ ...again, held: isHeld(again) }).toMatchObject({
      held: true,
      idleWrites: 0,
      edited: 10,
      editedOnGreen: 1,
      differences: [],
    });
  } finally {
    for (const each of [hand, new Hand(green)]) {
      await each.remove(object(`v1 Namespace ${mark}`));
      await each.remove(kind);
      await each.server.close();
    }
  }
});
