import type { Filter } from "@aws-sdk/client-ec2";
import type { GreenFace } from "../../model/faces.js";

/** Whose face is looked for, as far as it is known without AWS. */
export interface FacesQuestion {
  blue: {
    /** The cluster's name, as in its tags. */
    name: string;
    /** Of its nodes. */
    instanceIds: string[];
    /** Of nodes whose public addresses move with the traffic: they are no addresses that blue alone leaves by. */
    moving: string[];
    /** Who signs its service accounts' tokens, as its API server is told. */
    issuer?: string | undefined;
  };
  green: Pick<GreenFace, "name" | "admittedBy" | "joins" | "identities"> & {
    network:
      | { kind: "found"; vpc: Filter[]; privateSubnets: Filter[]; publicSubnets?: Filter[] | undefined }
      | { kind: "new"; range: string }
      | { kind: "unknown" };
    /** Where its foundation says so. */
    egressIps?: string[] | undefined;
  };
}
