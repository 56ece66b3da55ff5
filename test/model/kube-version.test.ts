import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareMinor, formatMinor, parseKubeVersion } from "../../src/model/kube-version.js";

describe("parseKubeVersion", () => {
  it.each([
    ["1.35", { major: 1, minor: 35 }],
    ["v1.24.17", { major: 1, minor: 24, patch: 17 }],
    ["v1.27.3-eks-a5565ad", { major: 1, minor: 27, patch: 3 }],
    ["v1.28.7-gke.1026000", { major: 1, minor: 28, patch: 7 }],
    ["v1.31.2+k3s1", { major: 1, minor: 31, patch: 2 }],
    ["v1.36.0-alpha.1", { major: 1, minor: 36, patch: 0 }],
    [" 1.30\n", { major: 1, minor: 30 }],
  ])("reads %j", (text, version) => {
    expect(parseKubeVersion(text)).toEqual(version);
  });

  it.each(["", "1", "v1", "1.", "1.x", "latest", "1.35.4.2", "V1.35", "1,35", "-1.35", "1.35 beta", "one.two"])(
    "%j is none",
    (text) => {
      expect(parseKubeVersion(text)).toBeUndefined();
    },
  );
});

describe("compareMinor", () => {
  const version = fc.record({ major: fc.nat({ max: 2 }), minor: fc.nat({ max: 60 }), patch: fc.nat() });

  it("knows 1.9 as older than 1.10, and no difference within a minor", () => {
    expect(compareMinor({ major: 1, minor: 9 }, { major: 1, minor: 10 })).toBeLessThan(0);
    expect(compareMinor({ major: 2, minor: 0 }, { major: 1, minor: 99 })).toBeGreaterThan(0);
    expect(compareMinor({ major: 1, minor: 35, patch: 4 }, { major: 1, minor: 35 })).toBe(0);
  });

  it("is an order", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareMinor(a, b))).toBe(0 - Math.sign(compareMinor(b, a)));
        if (compareMinor(a, b) <= 0 && compareMinor(b, c) <= 0) expect(compareMinor(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it("agrees with what is written and read back", () => {
    fc.assert(
      fc.property(
        version,
        (each) => compareMinor(parseKubeVersion(formatMinor(each)) ?? { major: -1, minor: 0 }, each) === 0,
      ),
    );
  });
});
