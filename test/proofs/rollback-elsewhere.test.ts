import { KubeConfig } from "@kubernetes/client-node";
import { afterAll, expect, it } from "vitest";
import { openTestAws } from "../aws/moto.js";
import { servers, why } from "../replay/servers.js";
import { small } from "../traffic/world.js";
import { nursery } from "./cutover/doomed.js";
import { firstMachine, goBackElsewhere } from "./rollback-elsewhere.js";

const aws = await openTestAws();
const children = await nursery(1, firstMachine);
afterAll(async () => {
  await children.close();
  if (!("missing" in aws)) await aws.close();
});

/** The proof's short form: a small world, and one of its moments: between two steps, and between an intent and its effect. */
const after = (index: number) => ({ spec: small, moments: [{ at: "write" as const, when: "after" as const, index }] });
const patience = 240_000;

it.skipIf("missing" in aws)(
  "a second machine goes back exactly from the bucket, while green's API is down",
  async () => {
    if ("missing" in aws) return;
    const name = `bucket-${process.pid}.example`;
    const { wrong, trials, most } = await goBackElsewhere(aws.front, children, { name, source: "bucket", ...after(9) });
    expect(wrong).toEqual([]);
    expect(trials).toBe(1);
    expect(most.callsPerTarget).toBeLessThanOrEqual(3);
  },
  patience,
);

it.skipIf("missing" in aws || !servers)(
  `and from green${why}`,
  async () => {
    if ("missing" in aws || !servers) return;
    const kubeconfig = servers.greenFile;
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const green = { kubeconfig, context: config.getCurrentContext() };
    const name = `green-${process.pid}.example`;
    const { wrong, trials } = await goBackElsewhere(aws.front, children, { name, source: "green", green, ...after(2) });
    expect(wrong).toEqual([]);
    expect(trials).toBe(1);
  },
  patience,
);

it.skipIf("missing" in aws)(
  "and with nothing left, by marks alone",
  async () => {
    if ("missing" in aws) return;
    const name = `nothing-${process.pid}.example`;
    const options = { name, source: "nothing" as const, ...after(12) };
    const { wrong, trials } = await goBackElsewhere(aws.front, children, options);
    expect(wrong).toEqual([]);
    expect(trials).toBe(1);
  },
  patience,
);
