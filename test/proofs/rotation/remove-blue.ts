import { emulatorClients } from "../../../src/sandbox/aws/clients.js";
import { terminate } from "../../../src/sandbox/aws/instances.js";
import { stopControlPlane } from "../../../src/sandbox/cluster/control-plane.js";

/** What `kops delete cluster` does to a blue that no stack made: `remove-blue ENDPOINT REGION FOLDER INSTANCE...` */
const [endpoint = "", region = "", folder = "", ...instances] = process.argv.slice(2);
await terminate(emulatorClients(endpoint, region).ec2, instances);
await stopControlPlane(folder);
