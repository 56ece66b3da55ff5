import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/aws/permissions/policy.js";
import { configuredPlace, emptyPlace, expectRefusal } from "../cli/place.js";

interface Printed {
  policies: Policy[];
  notes: string[];
}

const traffic = {
  route53: [
    {
      zone: "Z0123",
      records: [
        { name: "App.acme.example", type: "A", green: { address: "ingress" } },
        { name: "*.acme.example", type: "CNAME", green: { values: ["green.acme.example"] } },
      ],
    },
  ],
  loadBalancers: [
    {
      listener: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/edge/1/2",
      rule: 10,
      green: { targetGroup: "green-web" },
    },
    { listener: { loadBalancer: "other", port: 443 }, green: { targetGroup: "green-other" } },
  ],
};

describe("permissions aws", () => {
  it("prints a policy that is cut to the configuration", async () => {
    const place = await configuredPlace("kubeconfig.yaml", { traffic });
    const { json } = await place.json<Printed>("permissions", "aws", "cutover");
    const all = json.policies.flatMap(({ Statement }) => Statement);
    const on = (action: string) => all.filter(({ Action }) => Action.includes(action));
    const [records] = on("route53:ChangeResourceRecordSets");
    expect(records?.Resource).toEqual(["arn:aws:route53:::hostedzone/Z0123"]);
    const names = records?.Condition?.["ForAllValues:StringLike"]?.[
      "route53:ChangeResourceRecordSetsNormalizedRecordNames"
    ] as string[];
    // As Route 53 normalizes them: small letters, a wildcard in octal. With external-dns' records of them, and the marks.
    expect(names).toEqual(
      expect.arrayContaining([
        "app.acme.example",
        "a-app.acme.example",
        "\\052.acme.example",
        "cname-\\052.acme.example",
      ]),
    );
    expect(names).toContainEqual(expect.stringMatching(/^_clustershift-[0-9a-f]{8}\.\*$/));
    expect(records?.Condition?.["ForAllValues:StringEquals"]?.["route53:ChangeResourceRecordSetsRecordTypes"]).toEqual([
      ...["A", "CNAME", "TXT"],
    ]);
    expect(on("elasticloadbalancing:ModifyRule").map(({ Resource }) => Resource)).toEqual([
      ["arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/edge/1/2/*"],
    ]);
    expect(on("elasticloadbalancing:ModifyListener").map(({ Resource }) => Resource)).toEqual([
      ["arn:aws:elasticloadbalancing:*:*:listener/*/other/*"],
    ]);
    // No addresses are configured.
    expect(on("ec2:AssociateAddress")).toEqual([]);
  });

  it("prints it as JSON for a file, and what is left open beside it", async () => {
    const place = await configuredPlace("kubeconfig.yaml", {
      traffic: { ...traffic, route53: [{ ...traffic.route53[0], zone: "acme.example" }] },
    });
    const { stdout, stderr } = await place.succeed("permissions", "aws", "cutover");
    expect(JSON.parse(stdout)).toMatchObject({ Version: "2012-10-17" });
    expect(stderr).toContain("A zone is only known by its name");
  });

  it("prints wildcards where there is no configuration, and says so", async () => {
    const { json } = await (await emptyPlace()).json<Printed>("permissions", "aws", "up");
    expect(json.notes[0]).toContain("There is no clustershift.yaml here");
    expect(json.policies.length).toBeGreaterThan(0);
  });

  it("prints nothing where a phase asks AWS for nothing, and says so", async () => {
    const { json } = await (await configuredPlace()).json<Printed>("permissions", "aws", "record");
    expect(json).toMatchObject({ policies: [], notes: [expect.stringContaining("it needs no policy")] });
  });

  it("refuses a phase that isn't there, and one of a cluster", async () => {
    const place = await emptyPlace();
    await expectRefusal(place, ["permissions", "aws"], {
      ...{ code: "usage", what: "aws needs a phase", fix: "permissions aws plan|foundation|up" },
    });
    await expectRefusal(place, ["permissions", "blue", "plan"], {
      ...{ code: "usage", what: "blue has no phases", fix: "permissions blue|green" },
    });
  });
});
