import { getZoneOutput } from "@pulumi/aws/route53/getZone.js";
import { awsProvider } from "../aws-provider.js";
import type { Eventual } from "../eventual.js";
import type { FoundationStackOutputs } from "../outputs.js";
import type { FoundationSettings } from "../settings/foundation-settings.js";
import { Addresses } from "./addresses.js";
import { BackupBucket } from "./backup-bucket.js";
import { EncryptionKey } from "./encryption-key.js";
import { findNetwork } from "./found-network.js";
import { Logs } from "./logs.js";
import { NewNetwork } from "./new-network.js";

/** Everything that must outlive a cluster. A migration reads it, and never tears it down. */
export async function foundation(settings: FoundationSettings): Promise<Eventual<FoundationStackOutputs>> {
  const { name, region } = settings;
  const provider = awsProvider("foundation", settings);
  // All of it: without its subnets or its bucket's rules a foundation is as lost as without its addresses.
  const options = { providers: { aws: provider }, protect: true };
  const { network: wanted } = settings;
  const network =
    wanted.kind === "new"
      ? new NewNetwork(name, { ...wanted, region }, options)
      : await findNetwork(wanted, { provider });
  const key = new EncryptionKey(name, { region, ...settings.key }, options);
  const watched = wanted.kind === "new" && wanted.flowLogs;
  const logs = new Logs(
    name,
    { ...settings.logs, keyArn: key.arn, vpcId: watched ? network.vpcId : undefined },
    options,
  );
  const bucket = new BackupBucket(`${name}-backups`, { ...settings.backup, keyArn: key.arn }, options);
  const addresses = new Addresses(name, settings.addresses, options);
  const hostedZones = settings.hostedZones.map((zone) => ({
    name: zone.name,
    id: getZoneOutput({ name: zone.name, privateZone: zone.private }, { provider }).zoneId,
  }));
  return {
    vpcId: network.vpcId,
    vpcCidr: network.vpcCidr,
    privateSubnets: network.privateSubnets,
    publicSubnets: network.publicSubnets,
    hostedZones,
    addresses: addresses.byName,
    egressIps: network.egressIps,
    backupBucket: bucket.bucketName,
    keyArn: key.arn,
    logGroup: logs.groupName,
  };
}
