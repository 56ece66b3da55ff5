import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  type HostedZone,
  ListHostedZonesByNameCommand,
  ListHostedZonesByVPCCommand,
  type ListHostedZonesByVPCCommandOutput,
  type ResourceRecordSet,
  type Route53Client,
  type VPCRegion,
} from "@aws-sdk/client-route-53";
import type { Clock } from "../model/clock.js";
import { UserError } from "../model/errors.js";
import type { Route53Api, WhichZone, Zone } from "./api.js";
import type { Call } from "./call.js";
import { allRecordSets, pagesOf, recordSetsOf } from "./route53-records.js";

/** Route 53 says usually within 60 s; a change that takes longer than this is somebody's to look at. */
const longestSyncMs = 15 * 60_000;
const firstPollMs = 500;
const longestPollMs = 5_000;

/** `region`: of the VPCs that are named. */
export function createRoute53(client: Route53Client, call: Call, clock: Clock, region: string): Route53Api {
  return {
    findZone: (nameOrId, which = {}) => findZone(client, call, region, nameOrId, which),
    zonesNamed: (name) => zonesNamed(client, call, withDot(name)),
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

async function findZone(
  client: Route53Client,
  call: Call,
  region: string,
  nameOrId: string,
  which: WhichZone,
): Promise<Zone> {
  const resource = `hosted zone ${nameOrId}`;
  // A name has a dot in it, and an id has none.
  if (!nameOrId.includes(".")) {
    const { HostedZone } = await call({ action: "GetHostedZone", resource }, () =>
      client.send(new GetHostedZoneCommand({ Id: nameOrId })),
    );
    if (HostedZone) return zoneOf(HostedZone);
    throw zoneTrouble(`There is no ${resource}.`);
  }
  const name = withDot(nameOrId);
  const found =
    which.vpc === undefined
      ? await zonesNamed(client, call, name)
      : await zonesOfVpc(client, call, { id: which.vpc, region }, name);
  const wanted = found.filter((zone) => which.private === undefined || zone.private === which.private);
  const [zone, ...more] = wanted;
  const kind = which.vpc !== undefined ? ` of ${which.vpc}` : which.private === undefined ? "" : kindOf(which);
  if (!zone) throw zoneTrouble(`There is no ${resource}${kind} in this account.`);
  if (more.length > 0) {
    const ids = wanted.map((each) => `${each.id}${kindOf(each)}`);
    throw zoneTrouble(
      `${ids.length} hosted zones are named ${name}: ${ids.join(", ")}. Say which one: \`private\` beside the name is true or false, \`vpc\` names a VPC that sees it, or give the id instead of the name.`,
    );
  }
  return zone;
}

function withDot(name: string): string {
  return `${name.toLowerCase().replace(/\.$/, "")}.`;
}

function kindOf(zone: { private?: boolean | undefined }): string {
  return zone.private ? " (private)" : " (public)";
}

async function zonesNamed(client: Route53Client, call: Call, name: string): Promise<Zone[]> {
  const { HostedZones = [] } = await call({ action: "ListHostedZonesByName", resource: `hosted zone ${name}` }, () =>
    client.send(new ListHostedZonesByNameCommand({ DNSName: name })),
  );
  return HostedZones.filter((candidate) => candidate.Name === name).map(zoneOf);
}

/** A VPC sees one private zone of a name at most. */
async function zonesOfVpc(
  client: Route53Client,
  call: Call,
  vpc: { id: string; region: string },
  name: string,
): Promise<Zone[]> {
  const found: Zone[] = [];
  let next: string | undefined;
  do {
    const page: ListHostedZonesByVPCCommandOutput = await call(
      { action: "ListHostedZonesByVPC", resource: `hosted zones of ${vpc.id}` },
      () =>
        client.send(
          new ListHostedZonesByVPCCommand({ VPCId: vpc.id, VPCRegion: vpc.region as VPCRegion, NextToken: next }),
        ),
    );
    for (const { HostedZoneId = "", Name = "" } of page.HostedZoneSummaries ?? []) {
      if (Name === name) found.push({ id: withoutPrefix(HostedZoneId), name, private: true });
    }
    next = page.NextToken;
  } while (next);
  return found;
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
