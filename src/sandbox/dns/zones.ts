import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";

/** A hosted zone as Route 53's API gives it. */
export interface Zone {
  /** Lower case, with its last dot: `acme.example.`. */
  name: string;
  records: ResourceRecordSet[];
}

export type ZoneSource = () => Promise<Zone[]>;

export interface ZoneSourceOptions {
  /** How old an answer may be, in milliseconds. */
  maxAgeMs: number;
  /** Milliseconds, of any clock that only goes forward. */
  now: () => number;
}

/**
 * The public zones of Route 53, read when they're asked for and kept for `maxAgeMs`. When the API fails the last zones are
 * given again, as Route 53's name servers go on when its API does not; rejects only if there was never any.
 */
export function createZoneSource(route53: Route53Client, { maxAgeMs, now }: ZoneSourceOptions): ZoneSource {
  let latest: { zones: Zone[]; readAt: number } | undefined;
  let reading: Promise<Zone[]> | undefined;
  const read = async (): Promise<Zone[]> => {
    const readAt = now();
    try {
      latest = { zones: await readZones(route53), readAt };
    } catch (error) {
      if (!latest) throw error;
    } finally {
      reading = undefined;
    }
    return latest.zones;
  };
  return async () => {
    if (latest && now() - latest.readAt < maxAgeMs) return latest.zones;
    reading ??= read();
    return await reading;
  };
}

async function readZones(route53: Route53Client): Promise<Zone[]> {
  const zones: Zone[] = [];
  let Marker: string | undefined;
  do {
    const page = await route53.send(new ListHostedZonesCommand({ Marker }));
    for (const { Id, Name, Config } of page.HostedZones ?? []) {
      if (!Id || !Name || Config?.PrivateZone) continue;
      zones.push({ name: Name.toLowerCase(), records: await readRecords(route53, Id) });
    }
    Marker = page.IsTruncated ? page.NextMarker : undefined;
  } while (Marker);
  return zones;
}

async function readRecords(route53: Route53Client, zoneId: string): Promise<ResourceRecordSet[]> {
  const records: ResourceRecordSet[] = [];
  let start: Partial<Pick<ResourceRecordSet, "Name" | "Type" | "SetIdentifier">> | undefined = {};
  while (start) {
    const page: Awaited<ReturnType<typeof list>> = await list(route53, zoneId, start);
    records.push(...(page.ResourceRecordSets ?? []));
    start = page.IsTruncated
      ? { Name: page.NextRecordName, Type: page.NextRecordType, SetIdentifier: page.NextRecordIdentifier }
      : undefined;
  }
  return records;
}

function list(
  route53: Route53Client,
  HostedZoneId: string,
  start: Partial<Pick<ResourceRecordSet, "Name" | "Type" | "SetIdentifier">>,
) {
  return route53.send(
    new ListResourceRecordSetsCommand({
      HostedZoneId,
      StartRecordName: start.Name,
      StartRecordType: start.Type,
      StartRecordIdentifier: start.SetIdentifier,
    }),
  );
}
