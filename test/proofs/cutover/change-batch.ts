import type { Change } from "../../../src/aws/api.js";
import type { RecordSet } from "../../../src/model/traffic.js";

/** The changes that a ChangeResourceRecordSets asks for, from its XML as the SDK writes it: no attributes, no comments. */
export function changesOf(body: string): Change[] {
  return elements(body, "Change").map((change) => ({
    Action: one(change, "Action") as Change["Action"],
    ResourceRecordSet: inOrder({
      Name: one(change, "Name") ?? "",
      Type: one(change, "Type") ?? "",
      SetIdentifier: one(change, "SetIdentifier"),
      Weight: number(one(change, "Weight")),
      TTL: number(one(change, "TTL")),
      ResourceRecords: elements(change, "Value").map((Value) => ({ Value: unescaped(Value) })),
      AliasTarget: elements(change, "AliasTarget").map((alias) => ({
        HostedZoneId: one(alias, "HostedZoneId") ?? "",
        DNSName: one(alias, "DNSName") ?? "",
        EvaluateTargetHealth: one(alias, "EvaluateTargetHealth") === "true",
      }))[0],
      HealthCheckId: one(change, "HealthCheckId"),
    }),
  }));
}

/** A set with the same members in the same order as any other, so that two can be compared as text. */
export function inOrder(set: { [Member in keyof RecordSet]: RecordSet[Member] | undefined }): RecordSet {
  const { Name, Type, SetIdentifier, Weight, TTL, ResourceRecords, AliasTarget, HealthCheckId } = set;
  const records = ResourceRecords as RecordSet["ResourceRecords"];
  const ordered = {
    ...{ Name, Type, SetIdentifier, Weight, TTL },
    ResourceRecords: records && records.length > 0 ? records : undefined,
    ...{ AliasTarget, HealthCheckId },
  };
  return JSON.parse(JSON.stringify(ordered)) as RecordSet;
}

function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "gs"))].map(([, inside = ""]) => inside);
}

function one(xml: string, name: string): string | undefined {
  const [first] = elements(xml, name);
  return first === undefined ? undefined : unescaped(first);
}

function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function unescaped(text: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text
    .replaceAll(/&#x?([0-9a-f]+);/gi, (whole, code: string) =>
      String.fromCodePoint(Number.parseInt(code, whole.startsWith("&#x") ? 16 : 10)),
    )
    .replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? "");
}
