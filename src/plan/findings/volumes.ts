import type { Finding } from "../../model/finding.js";
import { refKey } from "../../model/objects.js";
import type { PlannedVolume } from "../../model/volumes.js";
import type { Assessor } from "../assessment.js";
import { foldFindings } from "./fold.js";

/** What the configuration asks for, and can't be done: nobody should find out in the middle of a cutover. */
export const volumesRefused: Assessor = ({ volumes }) =>
  foldFindings(
    volumes.flatMap(({ claim, refused, reason }) =>
      refused === undefined
        ? []
        : [
            {
              id: "volume-refused",
              severity: "blocker",
              object: claim,
              why: `volumes.rules asks to ${refused} its volume, and that can't be done. ${reason}`,
              whatToDo:
                "Mend that, or choose another strategy under volumes.rules. What mounts it is stopped on blue where workloads.exclusive selects it.",
            },
          ],
    ),
  );

const endings: Readonly<Record<string, Pick<Finding, "severity" | "whatToDo">>> = {
  "claim-stays-behind": { severity: "note", whatToDo: "See that whoever brings the claim brings its data, too." },
  "unbound-claim": { severity: "note", whatToDo: "Nothing, unless blue should have a volume for it." },
  "workload-stays-behind": { severity: "note", whatToDo: "Nothing, unless somebody else needs what lies in it." },
};

/** What will lie in green's volumes isn't what lies in blue's. */
export const volumesLeft: Assessor = ({ volumes }) =>
  foldFindings(
    volumes
      .filter(({ strategy, refused }) => strategy === "leave" && refused === undefined)
      .map(({ claim, rule, reason }) => ({
        id: "volume-left",
        object: claim,
        why: `Nothing is done for its volume (${rule}): ${reason}`,
        ...(endings[rule] ?? {
          severity: "warning",
          whatToDo: "Bring its data by your own means before smoke, or accept that green's volume is empty.",
        }),
      })),
  );

/** Nobody asked for these to be empty. */
const unwanted: Readonly<Record<string, string>> = {
  "not-stopped":
    "Name what mounts it under workloads.exclusive: then its volume is handed over. Or copy the data by your own means (database replication).",
  unused: "Name it under volumes.rules with the strategy copy, where what lies in it matters.",
  "aws-not-configured": "Set aws.region, where its volume is in AWS. Or copy the data by your own means.",
};

/** The claim arrives, and what lay in its volume does not. */
export const volumesEmpty: Assessor = ({ volumes }) =>
  foldFindings(
    volumes
      .filter(({ strategy }) => strategy === "fresh")
      .map(({ claim, rule, reason }) => ({
        id: "volume-empty",
        severity: rule in unwanted ? "warning" : "note",
        object: claim,
        why: `Green gets the claim with a new, empty volume (${rule}): ${reason}`,
        whatToDo: unwanted[rule] ?? "Nothing, if it may be empty.",
      })),
  );

export const volumesByVelero: Assessor = ({ volumes }) =>
  about(
    volumes.filter(({ strategy }) => strategy === "velero"),
    {
      id: "volume-by-velero",
      severity: "note",
      why: "Green's Velero restores them, with what lies in their volumes: as old as its backup. migrate leaves their claims to it, and holds what mounts them until they are there.",
      whatToDo:
        "clustershift volumes restore, before or after migrate; after it migrate once more. What it refuses to begin, it says of each claim: docs/velero.md.",
    },
  );

/** Two volumes from here on: what is written to one isn't in the other. */
export const volumesCopied: Assessor = ({ volumes }) =>
  about(
    volumes.filter(({ strategy }) => strategy === "copy"),
    {
      id: "volume-copied",
      severity: "note",
      why: "Green gets a copy as it is when blue's workload has stopped. A rollback starts that again with its own volume: what green wrote meanwhile lies in the copy alone, which is kept.",
      whatToDo:
        "clustershift volumes sync takes snapshots before the cutover, so that the last one is small. Choose hand-over where a way back must keep what green wrote.",
    },
  );

/** Between the two nobody does its work. */
export const volumesHandedOver: Assessor = ({ volumes }) =>
  about(
    volumes.filter(({ strategy }) => strategy === "hand-over"),
    {
      id: "volume-handed-over",
      severity: "note",
      why: "The same EBS volume goes over to green, once blue's workload has ended and its node has let go of it; a rollback gives it back, with what green wrote.",
      whatToDo: "Nothing. Take a snapshot of it before: clustershift volumes sync takes one of these, too.",
    },
  );

function about(volumes: readonly PlannedVolume[], finding: Omit<Finding, "object" | "count">): Finding[] {
  const [first] = volumes;
  if (!first) return [];
  const names = volumes.slice(0, mostNamed).map(({ claim }) => refKey(claim).replace("PersistentVolumeClaim ", ""));
  const more = volumes.length > mostNamed ? ` and ${volumes.length - mostNamed} more` : "";
  return [
    { ...finding, object: first.claim, count: volumes.length, why: `${finding.why} ${names.join(", ")}${more}.` },
  ];
}

const mostNamed = 12;
