import type { Association } from "../../../model/traffic.js";
import type { Marking } from "../../marks/marking.js";
import { sameAssociation } from "./address.js";
import type { RecordedAddress } from "./recorded.js";

/** `run=20261128T220000Z from=i-1/eni-1/10.0.0.1 to=i-2/eni-2/10.0.0.2`: on the address, while it isn't as before. */
export function addressTag({ before, after }: RecordedAddress, { run }: Pick<Marking, "run">): string {
  return `run=${run} from=${placed(before)} to=${placed(after)}`;
}

/**
 * The address as it was recorded, from its tag and its live association.
 *
 * @returns undefined where the tag isn't one of ours, or the address is where nobody had put it by it
 */
export function addressFromTag(tag: string, live: Association): { run: string; recorded: RecordedAddress } | undefined {
  const [, run, from, to] = /^run=(\S+) from=(\S+) to=(\S+)$/.exec(tag) ?? [];
  if (run === undefined || from === undefined || to === undefined) return undefined;
  const { allocationId, publicIp } = live;
  const before = { allocationId, publicIp, ...placeIn(from) };
  const after = { allocationId, publicIp, ...placeIn(to) };
  if (!sameAssociation(live, before) && !sameAssociation(live, after)) return undefined;
  const recorded = {
    ...{ kind: "elastic-ip" as const, key: `elastic-ip:${allocationId}`, allocationId, publicIp },
    ...{ group: "by-mark", zone: "by-mark", before, after },
  };
  return { run, recorded };
}

function placed({ instanceId, networkInterfaceId, privateIpAddress }: Association): string {
  return [instanceId, networkInterfaceId, privateIpAddress].map((each) => each ?? "-").join("/");
}

function placeIn(text: string): Omit<Association, "allocationId" | "publicIp"> {
  const [instanceId, networkInterfaceId, privateIpAddress] = text.split("/").map((each) => (each === "-" ? "" : each));
  return {
    ...(instanceId && { instanceId }),
    ...(networkInterfaceId && { networkInterfaceId }),
    ...(privateIpAddress && { privateIpAddress }),
  };
}
