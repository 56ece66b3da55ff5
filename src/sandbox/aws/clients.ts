import { EC2Client } from "@aws-sdk/client-ec2";
import { Route53Client } from "@aws-sdk/client-route-53";

/** The SDK clients that the sandbox's own parts use. */
export interface AwsClients {
  ec2: EC2Client;
  route53: Route53Client;
}

/** Clients of the emulator at `endpoint`. The emulator takes any key, so these are made up and can't reach real AWS. */
export function emulatorClients(endpoint: string, region: string): AwsClients {
  const settings = { endpoint, region, credentials: { accessKeyId: "sandbox", secretAccessKey: "sandbox" } };
  return { ec2: new EC2Client(settings), route53: new Route53Client(settings) };
}
