import { rangeOf, toAddress } from "../ranges.js";

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
  // Hosts' bits are cut off: AWS refuses a subnet that doesn't start at its own network address.
  const { start, size, prefix } = rangeOf(range);
  const quarter = size / 4;
  return zones.map((zone, index) => ({
    zone,
    private: `${toAddress(start + index * quarter)}/${prefix + 2}`,
    public: `${toAddress(start + 3 * quarter + index * (quarter / 4))}/${prefix + 4}`,
  }));
}
