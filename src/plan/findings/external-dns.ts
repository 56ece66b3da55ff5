import { isStoppedFirst } from "../../model/exclusive.js";
import type { DnsWriter, ExternalDns, OwnedName } from "../../model/external-dns.js";
import type { Finding } from "../../model/finding.js";
import { refKey } from "../../model/objects.js";
import type { Assessor, PlannedDns } from "../assessment.js";

/** Names in one finding. */
const mostNamed = 12;

function listed(names: readonly string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
  return `${names.slice(0, mostNamed).join(", ")}${more}`;
}

/** What the shift writes would be gone at its next look; not that of one which is stopped before. */
export const externalDnsOnBlue: Assessor = ({ dns, exclusive }) =>
  (dns?.writers ?? [])
    .filter(({ cluster, runs, object }) => cluster === "blue" && runs && !isStoppedFirst(object, exclusive.planned))
    .map((writer): Finding => {
      const { object, policy, names, why } = writer;
      return {
        ...{ id: "external-dns-on-blue", severity: "warning", object, count: names.length },
        why: `It would write over names that the cutover moves, since it runs with --policy=${policy} and ${why}: ${listed(told(writer, dns?.owned ?? []))}.`,
        whatToDo:
          "Let the cutover stop it on blue before any traffic moves, and a rollback start it again (workloads.exclusive); or scale it to 0 yourself right before the cutover, which refuses while it runs; or keep the names out of its reach (--exclude-domains), or let it create only (--policy=create-only). Don't hide its sources from it, by --annotation-filter for example: what it owns and doesn't find it deletes.",
      };
    });

/** Each name with whose it is, where the zone says so. */
function told({ names, owner }: DnsWriter, owned: readonly OwnedName[]): string[] {
  return names.map((name) => {
    const its = owned.filter((each) => `${each.name} ${each.type}` === name && (!owner || each.owner === owner));
    const [first] = its;
    return first ? `${name} (owner ${first.owner}${first.resource ? `, ${first.resource}` : ""})` : name;
  });
}

/** Two with one id delete each other's records, whether these move or not. */
export const externalDnsOnGreen: Assessor = ({ dns }) => {
  if (!dns) return [];
  const { blue, green } = dns.instances;
  return green
    .filter(({ runs }) => runs)
    .flatMap((instance): Finding[] => {
      const twin = blue.find((each) => writesBeside(each) && writesBeside(instance) && each.owner === instance.owner);
      const { names = [] } =
        dns.writers.find(({ cluster, object }) => cluster === "green" && object === instance.object) ?? {};
      if (!twin && names.length === 0) return [];
      const why = twin
        ? `It would run on green beside blue's ${refKey(twin.object)} with the same owner id${twin.owner === undefined ? ", as far as can be told" : ` "${twin.owner}"`}: each deletes what the other wrote.`
        : `It would run on green at once, and write over names that the cutover moves: ${listed(names)}.`;
      const whatToDo =
        "Let it be held until blue is gone: take it out of replay.dontHold, or have its deployer bring it to green at 0 replicas.";
      return [{ id: "external-dns-on-green", severity: "blocker", object: instance.object, why, whatToDo }];
    });
};

function writesBeside({ provider, policy, dryRun, registry }: ExternalDns): boolean {
  return !dryRun && policy === "sync" && registry !== "noop" && (provider === undefined || provider === "aws");
}

/** Whose external-dns that is, nobody but a person knows. */
export const externalDnsElsewhere: Assessor = ({ dns }) => {
  const known = new Set((dns?.instances.blue ?? []).map(({ owner }) => owner));
  const foreign = known.has(undefined) ? [] : (dns?.owned ?? []).filter(({ owner }) => !known.has(owner));
  if (foreign.length === 0) return [];
  const names = foreign.map(({ name, type, owner, resource }) => {
    return `${name} ${type} (owner ${owner}${resource ? `, ${resource}` : ""})`;
  });
  return [
    {
      ...{ id: "external-dns-elsewhere", severity: "warning", count: new Set(names).size },
      why: `TXT records say that an external-dns that isn't blue's manages names that the cutover moves: ${listed([...new Set(names)])}.`,
      whatToDo:
        "Find out whether it still runs, in another cluster perhaps: it would write back what the cutover writes, and no gate sees it. Where it is gone for good, delete these TXT records.",
    },
  ];
};

/** External-dns makes simple records, which Route 53 refuses beside weighted ones. */
export const externalDnsBesideKept: Assessor = ({ dns }) => {
  const owned = dns?.keeps ? dns.owned.filter(({ setIdentifier }) => setIdentifier === undefined) : [];
  if (owned.length === 0) return [];
  return [
    {
      ...{ id: "external-dns-beside-kept", severity: "warning", count: owned.length },
      why: `traffic.afterwards: keep leaves weighted sets of names that external-dns manages as simple ones, so that green's could never write them again: ${listed([...new Set(owned.map(({ name, type }) => `${name} ${type}`))])}.`,
      whatToDo:
        "Set traffic.afterwards: simple, and teardown leaves them so that green's external-dns takes them over.",
    },
  ];
};

const beside: Record<PlannedDns["staying"][number]["beside"], (of: string) => string> = {
  type: (of) => `though its ${of} moves`,
  zone: (of) => `though it moves in the ${of}`,
};

/** Who asks for these goes on reaching blue, also when it is gone. */
export const stayingRecords: Assessor = ({ dns }) =>
  (dns?.staying ?? []).map(
    ({ zoneId, name, type, beside: kind, of }): Finding => ({
      ...{ id: "record-stays", severity: "warning" },
      why: `${name} ${type} in zone ${zoneId} goes on answering with what it has, ${beside[kind](of)}: whoever asks for it never sees green.`,
      whatToDo: "Name it under traffic.route53 as well, unless it doesn't lead to blue.",
    }),
  );
