/** The ranges of one zone's subnets. */
export interface ZoneRanges {
  zone: string;
  private: string;
  public: string;
}

/**
 * Cuts a VPC's range into quarters: one for each zone's private subnet, and the last one, in quarters again, for the
 * public ones. A zone added later doesn't move the ranges of those that are there.
 *
 * @param range a network's IPv4 range, at least /26
 * @param zones at most three
 */
export function subnetRanges(range: string, zones: readonly string[]): ZoneRanges[] {
  const [address = "", prefixText = ""] = range.split("/");
  const prefix = Number(prefixText);
  const size = 2 ** (32 - prefix);
  // Hosts' bits are cut off: AWS refuses a subnet that doesn't start at its own network address.
  const start = Math.floor(toNumber(address) / size) * size;
  const quarter = size / 4;
  return zones.map((zone, index) => ({
    zone,
    private: `${toAddress(start + index * quarter)}/${prefix + 2}`,
    public: `${toAddress(start + 3 * quarter + index * (quarter / 4))}/${prefix + 4}`,
  }));
}

function toNumber(address: string): number {
  return address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
}
