import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  type HostedZone,
  ListHostedZonesByNameCommand,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import type { Clock } from "../model/clock.js";
import { UserError } from "../model/errors.js";
import type { Route53Api, Zone } from "./api.js";
import type { Call } from "./call.js";
import { allRecordSets, pagesOf, recordSetsOf } from "./route53-records.js";

/** Route 53 says usually within 60 s; a change that takes longer than this is somebody's to look at. */
const longestSyncMs = 15 * 60_000;
const firstPollMs = 500;
const longestPollMs = 5_000;

export function createRoute53(client: Route53Client, call: Call, clock: Clock): Route53Api {
  return {
    findZone: (nameOrId) => findZone(client, call, nameOrId),
    recordSets: (zoneId, names) => {
      const page = pagesOf(client, call, zoneId);
      return names ? recordSetsOf(page, names) : allRecordSets(page);
    },

    async change(zoneId, changes, comment) {
      const command = new ChangeResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        ChangeBatch: {
          // The limit is 256 characters.
          Comment: comment.slice(0, 256),
          Changes: changes.map(({ Action, ResourceRecordSet }) => ({
            Action,
            ResourceRecordSet: ResourceRecordSet as ResourceRecordSet,
          })),
        },
      });
      const { ChangeInfo } = await call(
        { action: "ChangeResourceRecordSets", resource: `hosted zone ${zoneId}`, idempotent: false },
        () => client.send(command),
      );
      return withoutPrefix(ChangeInfo?.Id ?? "");
    },

    async waitInSync(changeId, signal) {
      const started = clock.now();
      for (let wait = firstPollMs; ; wait = Math.min(longestPollMs, wait * 2)) {
        const { ChangeInfo } = await call(
          { action: "GetChange", resource: `change ${changeId}`, ...(signal && { signal }) },
          () => client.send(new GetChangeCommand({ Id: changeId })),
        );
        if (ChangeInfo?.Status === "INSYNC") return;
        if (clock.now() - started > longestSyncMs) {
          throw new UserError({
            code: "aws-failed",
            what: `Change ${changeId} is still ${ChangeInfo?.Status ?? "unknown"} after 15 minutes.`,
            fix: "See the AWS Health Dashboard for Route 53. The same command goes on, and rollback goes back.",
          });
        }
        await clock.sleep(wait, signal);
      }
    },
  };
}

async function findZone(client: Route53Client, call: Call, nameOrId: string): Promise<Zone> {
  const resource = `hosted zone ${nameOrId}`;
  // A name has a dot in it, and an id has none.
  if (!nameOrId.includes(".")) {
    const { HostedZone } = await call({ action: "GetHostedZone", resource }, () =>
      client.send(new GetHostedZoneCommand({ Id: nameOrId })),
    );
    if (HostedZone) return zoneOf(HostedZone);
    throw zoneTrouble(`There is no ${resource}.`);
  }
  const name = `${nameOrId.toLowerCase().replace(/\.$/, "")}.`;
  const { HostedZones = [] } = await call({ action: "ListHostedZonesByName", resource }, () =>
    client.send(new ListHostedZonesByNameCommand({ DNSName: name })),
  );
  const [zone, ...more] = HostedZones.filter((candidate) => candidate.Name === name).map(zoneOf);
  if (!zone) throw zoneTrouble(`There is no ${resource} in this account.`);
  if (more.length > 0) {
    const ids = [zone, ...more].map(({ id, private: isPrivate }) => `${id} (${isPrivate ? "private" : "public"})`);
    throw zoneTrouble(
      `${ids.length} hosted zones are named ${name}: ${ids.join(", ")}. Give the id instead of the name.`,
    );
  }
  return zone;
}

function zoneTrouble(what: string): UserError {
  return new UserError({
    code: "config-invalid",
    what,
    fix: "Mend traffic.route53[].zone in clustershift.yaml, or aws.profile if it is another account's.",
  });
}

function zoneOf({ Id, Name, Config }: HostedZone): Zone {
  return { id: withoutPrefix(Id ?? ""), name: Name ?? "", private: Config?.PrivateZone ?? false };
}

/** `/hostedzone/Z1` -> `Z1`, `/change/C1` -> `C1`. */
function withoutPrefix(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
