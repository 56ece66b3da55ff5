import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../../src/commands/shared/command.js";
import { openProject } from "../../../src/commands/shared/project.js";
import { openSweep } from "../../../src/commands/shared/teardown/open-sweep.js";
import { FileJournal } from "../../../src/run/journal.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { lookAtCloud } from "../../../src/sweep/look.js";
import { removeOrphans } from "../../../src/sweep/remove.js";
import { virtualClock } from "../../aws/clock.js";
import { openAccount } from "./account.js";
import { difference, dump } from "./dump.js";
import { type GreenAccess, sweepPlace } from "./place.js";
import { cluster, type Green, persistentVolumes } from "./plant.js";

const owned = { [`kubernetes.io/cluster/${cluster}`]: "owned" };

/**
 * Orphans that become somebody's after they were listed, and before a sweep comes to them: at its first deletion the others are taken
 * into use by green's own objects, by an instance, a tag, a record, another group's rule. All of these must survive, with the reason.
 */
export async function becomesGreens(
  front: AwsFront,
  green: Green,
  access: GreenAccess,
): Promise<{ raced: number; wrong: string[] }> {
  const account = await openAccount(front.internalEndpoint);
  const zoneId = await account.zone("races.example.");
  const first = (await account.balancer("raced-first", owned)).arn;
  const served = await account.classic("raced", owned);
  const address = await account.address(owned);
  const group = await account.group("raced", owned);
  const [claimed, attached, retagged] = [
    await account.volume(owned),
    await account.volume(owned),
    await account.volume(owned),
  ];
  const instance = await account.instance({});
  const raced = [served.name, address.id, group, claimed, attached, retagged];
  const take = async () => {
    const csi = { driver: "ebs.csi.aws.com", volumeHandle: claimed };
    const spec = { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], csi };
    await green.add(persistentVolumes, { kind: "PersistentVolume", metadata: { name: "meanwhile" }, spec });
    const allocations = "service.beta.kubernetes.io/aws-load-balancer-eip-allocations";
    await green.serve("meanwhile", "", { [allocations]: address.id });
    await account.attach(attached, instance);
    await account.tag(retagged, { "kubernetes.io/cluster/green": "owned" });
    await account.group("meanwhile", {}, [group]);
    const ResourceRecords = [{ Value: served.dns }];
    await account.record(zoneId, { Name: "meanwhile.races.example.", Type: "CNAME", TTL: 60, ResourceRecords });
  };

  const { place, run } = await sweepPlace(
    { blueVolumes: [], keep: { keep: [], keepTags: [] } },
    access,
    front.endpoint,
  );
  const { signal } = new AbortController();
  const clock = virtualClock();
  const edges = {
    cwd: place.dir,
    env: place.env,
    signal,
    random: Math.random,
    now: () => new Date(),
    sleep: clock.sleep,
  };
  const context = { args: { config: "clustershift.yaml" }, edges } as unknown as Context;
  const journal = await FileJournal.open(run.journalPath, () => new Date());
  const sweep = await openSweep(await openProject(context), run, journal.entries(), context);
  try {
    const { resources } = await lookAtCloud(sweep.edges, false);
    const orphans = resources.filter(({ id, kept }) => kept === undefined && (id === first || raced.includes(id)));
    const wrong =
      orphans.length === raced.length + 1 ? [] : [`${orphans.length} of ${raced.length + 1} are orphans at first`];
    let after: Map<string, string> | undefined;
    const balancers = sweep.edges.kinds["load-balancer"];
    const kinds = {
      ...sweep.edges.kinds,
      "load-balancer": {
        ...balancers,
        async remove(id: string) {
          await balancers.remove(id);
          await take();
          after = await dump(front.internalEndpoint);
        },
      },
    };
    const removals = await removeOrphans(orphans, { ...sweep.edges, kinds, journal, clock });
    for (const { resource, outcome, why = "" } of removals) {
      const must = resource.id === first ? "removed" : "kept";
      if (outcome !== must || (must === "kept" && why === "")) wrong.push(`race: ${resource.id} is ${outcome}: ${why}`);
    }
    if (!after) wrong.push("race: nothing was ever taken");
    const changed = difference(after ?? new Map(), await dump(front.internalEndpoint));
    return { raced: raced.length, wrong: [...wrong, ...changed.map((each) => `race: ${each}`)] };
  } finally {
    await sweep.close();
    await journal.close();
    account.close();
    await rm(join(place.dir, ".."), { recursive: true, force: true });
  }
}
