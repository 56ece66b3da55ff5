import { messageOf } from "../../src/model/errors.js";
import { type AwsFront, startAwsFront } from "../../src/sandbox/aws/front.js";
import { startMoto } from "../harness/moto.js";

/** A real emulator behind the fault-injecting proxy, or why there is none. */
export type TestAws = { front: AwsFront; close(): Promise<void> } | { missing: string };

/** Started for the caller alone, which can take a while the first time. */
export async function openTestAws(): Promise<TestAws> {
  // The SDK asks for credentials, and the emulator takes any.
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  try {
    const moto = await startMoto();
    const front = await startAwsFront({ target: moto.endpoint, port: 0 });
    return {
      front,
      async close() {
        await front.close();
        await moto.stop();
      },
    };
  } catch (error) {
    return { missing: messageOf(error) };
  }
}
