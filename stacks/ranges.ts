/** Ranges of IPv4 addresses, written as `10.20.0.0/16`. */
interface Range {
  /** The first address, as a number. */
  start: number;
  size: number;
  prefix: number;
}

/** What a VPC and its Services may use: the private ranges, and the carriers' one, which AWS takes for VPCs too. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** @param text a valid range. Bits of hosts are cut off. */
export function rangeOf(text: string): Range {
  const [address = "", prefixText = ""] = text.split("/");
  const prefix = Number(prefixText);
  const size = 2 ** (32 - prefix);
  return { start: Math.floor(toNumber(address) / size) * size, size, prefix };
}

/** The range as AWS writes it: without bits of hosts. */
export function networkOf(text: string): string {
  const { start, prefix } = rangeOf(text);
  return `${toAddress(start)}/${prefix}`;
}

/** Whether all of it is in one of the private ranges. */
export function isPrivate(text: string): boolean {
  const { start, size } = rangeOf(text);
  return privateRanges.map(rangeOf).some((range) => start >= range.start && start + size <= range.start + range.size);
}

export function toAddress(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
}

function toNumber(address: string): number {
  return address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);
}
