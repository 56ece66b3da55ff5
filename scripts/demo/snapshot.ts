import { DescribeAddressesCommand } from "@aws-sdk/client-ec2";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { emulatorClients } from "../../src/sandbox/aws/clients.js";
import type { SandboxFolder } from "../../src/sandbox/sandbox-folder.js";

/** All of the hosted zone and of the addresses as AWS lists them; an association's id is new each time, so it's left out. */
export async function trafficSnapshot({
  ports,
  region,
  aws,
}: Awaited<ReturnType<SandboxFolder["require"]>>): Promise<object> {
  const { route53, ec2 } = emulatorClients(`http://127.0.0.1:${ports.aws}`, region);
  const { ResourceRecordSets } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: aws.hostedZoneId }),
  );
  const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
  return {
    zone: ResourceRecordSets,
    addresses: Addresses.map(({ AssociationId: _id, ...address }) => address).sort((a, b) =>
      (a.PublicIp ?? "") < (b.PublicIp ?? "") ? -1 : 1,
    ),
  };
}
