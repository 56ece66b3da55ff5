import { describe, expect, it } from "vitest";
import { isPrivate, networkOf } from "../../stacks/ranges.js";

describe("ranges", () => {
  it.each([
    ["10.20.1.2/16", "10.20.0.0/16"],
    ["192.168.255.255/24", "192.168.255.0/24"],
    ["203.0.113.7/32", "203.0.113.7/32"],
    ["255.255.255.255/0", "0.0.0.0/0"],
  ])("%s is in the network %s", (range, network) => {
    expect(networkOf(range)).toBe(network);
  });

  it.each([
    ["10.0.0.0/8", true],
    ["10.0.0.0/7", false],
    ["172.31.0.0/16", true],
    ["172.32.0.0/16", false],
    ["192.168.0.0/16", true],
    ["100.127.0.0/16", true],
    ["8.8.8.0/24", false],
  ])("%s is private: %s", (range, is) => {
    expect(isPrivate(range)).toBe(is);
  });
});
