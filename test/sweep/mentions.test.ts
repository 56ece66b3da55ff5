import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mentionsOf } from "../../src/sweep/mentions.js";

describe("mentionsOf", () => {
  it.each<[unknown, string[]]>([
    [{ spec: { providerID: "aws:///eu-central-1a/i-0123456789abcdef0" } }, ["i-0123456789abcdef0"]],
    [{ a: "eipalloc-0123456789abcdef0,eipalloc-01234567" }, ["eipalloc-0123456789abcdef0", "eipalloc-01234567"]],
    ["kubernetes.io/csi/ebs.csi.aws.com^vol-0123456789abcdef0", ["vol-0123456789abcdef0"]],
    [{ h: "Dualstack.Web-1.eu-central-1.ELB.amazonaws.com." }, ["web-1.eu-central-1.elb.amazonaws.com"]],
    [["192.0.2.7/32"], ["192.0.2.7"]],
    ["multi-sg-not and vol-xyz", []],
    [undefined, []],
  ])("finds in %j what it names", (value, ids) => {
    expect(mentionsOf(value)).toEqual(ids);
  });

  it("takes a listener and a rule for their load balancer, too", () => {
    const arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012";
    const balancer = `${arn}:loadbalancer/app/edge/50dc6c495c0c9188`;
    expect(mentionsOf(`${arn}:listener/app/edge/50dc6c495c0c9188/f2f7dc8e`)).toContain(balancer);
    expect(mentionsOf([`${arn}:listener-rule/app/edge/50dc6c495c0c9188/f2f7/9683`])).toContain(balancer);
  });

  it("finds an id wherever it stands", () => {
    const hex = fc
      .array(fc.constantFrom(..."0123456789abcdef"), { minLength: 17, maxLength: 17 })
      .map((each) => each.join(""));
    const words = fc.stringMatching(/^[^0-9a-zA-Z]{0,5}$/);
    fc.assert(
      fc.property(hex, words, words, (id, before, after) => {
        expect(mentionsOf({ deep: [{ in: `${before}vol-${id}${after}` }] })).toContain(`vol-${id}`);
      }),
    );
  });
});
