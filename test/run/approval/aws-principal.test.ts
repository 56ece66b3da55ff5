import { describe, expect, it } from "vitest";
import { isMeantBy, meansMany, principalOf } from "../../../src/run/approval/aws-principal.js";

const sso = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_0a1b/jo@acme.example";
const role = "arn:aws:sts::123456789012:assumed-role/Deploy/jo";

describe("who AWS says that somebody is", () => {
  it.each([
    ["a person of Identity Center", sso, "jo@acme.example"],
    ["a role, whoever names the session", role, "123456789012/role/Deploy"],
    ["a user, whatever its path", "arn:aws:iam::123456789012:user/people/jo", "123456789012/user/jo"],
    ["a user of another partition", "arn:aws-cn:iam::123456789012:user/jo", "123456789012/user/jo"],
    ["the account itself", "arn:aws:iam::123456789012:root", "123456789012/root"],
  ])("%s", (_, arn, person) => {
    expect(principalOf(arn)?.person).toBe(person);
  });

  it("is the session of a role whose trust policy fixes it", () => {
    expect(principalOf(role, true)?.person).toBe("jo");
  });

  it.each(["", "jo", "arn:aws:sts::123456789012:federated-user/jo", "arn:aws:sts::1:assumed-role/a/b", `${role}/more`])(
    "is not known of %j",
    (arn) => {
      expect(principalOf(arn)).toBeUndefined();
    },
  );
});

describe("an ARN of the configuration", () => {
  it.each<[string, string, boolean]>([
    [sso, sso, true],
    [sso, "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_*/*", true],
    [sso, "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_*", false],
    [sso, "arn:aws:sts::123456789012:assumed-role/*", false],
    [sso, "arn:aws:sts::*:assumed-role/AWSReservedSSO_Ops_*/*", true],
    [sso, "arn:aws:sts::999999999999:assumed-role/AWSReservedSSO_Ops_*/*", false],
    [sso, "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_0a1b/jo.acme.example", false],
    [role, "arn:aws:iam::123456789012:role/Deploy", true],
    [role, "arn:aws:iam::123456789012:role/teams/platform/Deploy", true],
    [role, "arn:aws:iam::999999999999:role/Deploy", false],
    ["arn:aws:sts::123456789012:assumed-role/DeployAll/jo", "arn:aws:iam::123456789012:role/Deploy", false],
    ["arn:aws:iam::123456789012:user/Deploy", "arn:aws:iam::123456789012:role/Deploy", false],
  ])("%s by %s: %s", (arn, pattern, meant) => {
    expect(isMeantBy(arn, pattern)).toBe(meant);
  });

  it("may mean many", () => {
    expect(meansMany("arn:aws:iam::123456789012:role/Deploy")).toBe(true);
    expect(meansMany("arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Ops_*/*")).toBe(true);
    expect(meansMany(sso)).toBe(false);
  });
});
