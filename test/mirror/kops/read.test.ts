import { describe, expect, it } from "vitest";
import { readKops } from "../../../src/mirror/kops/read.js";
import { UserError } from "../../../src/model/errors.js";
import { clusterDocument, documents, groupDocument } from "./specifications.js";

const read = (...texts: string[]) => readKops(texts.map((text, index) => ({ name: `${index + 1}.yaml`, text })));

function refused(...texts: string[]): string {
  try {
    read(...texts);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: "config-invalid", fix: expect.stringContaining("kops get cluster") });
    return (error as UserError).message;
  }
  throw new Error("it was read");
}

describe("a kops specification", () => {
  it("is read from one text or several, with empty documents and SSH keys between", () => {
    const one = read(`---\n${documents(clusterDocument(), groupDocument(), groupDocument({}, "syslog"))}---\n`);
    const several = read(
      documents(clusterDocument()),
      documents(groupDocument()),
      documents({ apiVersion: "kops/v1alpha2", kind: "SSHCredential", metadata: {} }, groupDocument({}, "syslog")),
      "",
    );
    expect(one).toMatchObject({ name: "blue.acme.example", groups: [{ name: "nodes" }, { name: "syslog" }] });
    expect(several).toEqual(one);
  });

  it("lets fields pass that only kops cares for", () => {
    const text = documents(clusterDocument({ docker: { version: "17.03" } }), groupDocument({ image: "kope.io/k8s" }));
    expect(read(text).groups).toHaveLength(1);
  });

  it.each([
    [
      "a field of the wrong kind",
      documents(clusterDocument(), groupDocument({ minSize: "two" })),
      "1.yaml, document 2 (line 19, InstanceGroup nodes): spec.minSize: must be a whole number of nodes",
    ],
    [
      "a role that there isn't",
      documents(clusterDocument(), groupDocument({ role: "Worker" })),
      "InstanceGroup nodes): spec.role: must be Master, ControlPlane, APIServer, Node or Bastion",
    ],
    [
      "a label that is no text",
      documents(clusterDocument(), groupDocument({ nodeLabels: { spot: true } })),
      "spec.nodeLabels.spot: must be text, quoted",
    ],
    [
      "a taint without an effect",
      documents(clusterDocument(), groupDocument({ taints: ["dedicated=syslog"] })),
      "spec.taints.0: must look like key=value:NoSchedule",
    ],
    [
      "a subnet that the cluster hasn't",
      documents(clusterDocument(), groupDocument({ subnets: ["eu-west-1c"] })),
      "spec.subnets: the cluster has no subnet eu-west-1c, only eu-west-1a, eu-west-1b",
    ],
    [
      "sizes the wrong way round",
      documents(clusterDocument(), groupDocument({ minSize: 5 })),
      "spec.maxSize: 4 is less than minSize (5)",
    ],
    [
      "a range that is none",
      documents(clusterDocument({ networkCIDR: "172.20.0.0/64" }), groupDocument()),
      "1.yaml, document 1 (line 1, Cluster blue.acme.example): spec.networkCIDR: must be an IPv4 range",
    ],
    [
      "a cluster without subnets",
      documents(clusterDocument({ subnets: [] }), groupDocument()),
      "spec.subnets: names no subnet",
    ],
    [
      "a group of another cluster",
      documents(clusterDocument({}, "green.acme.example"), groupDocument()),
      "InstanceGroup nodes): belongs to cluster blue.acme.example, not to green.acme.example",
    ],
    [
      "a group that is there twice",
      documents(clusterDocument(), groupDocument(), groupDocument()),
      "document 3 (line 33, InstanceGroup nodes): group nodes is there twice",
    ],
    [
      "two clusters",
      documents(clusterDocument(), clusterDocument({}, "other.acme.example"), groupDocument()),
      "1.yaml: holds several clusters, blue.acme.example and other.acme.example",
    ],
    ["no cluster", documents(groupDocument()), "1.yaml: holds no Cluster of kops"],
    ["no group", documents(clusterDocument()), "1.yaml: holds no InstanceGroup"],
    ["nothing", "", "1.yaml: holds no Cluster of kops"],
    [
      "another API",
      documents({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } }),
      "document 1 (line 1, Deployment web): apiVersion: must be kops.k8s.io/v1alpha2 or kops/v1alpha2",
    ],
    ["what is no object", "just a text\n", "1.yaml, document 1 (line 1): the document: "],
    ["what is no YAML", "kind: [\n", "1.yaml, document 1 (line 2): "],
    ["a bomb of aliases", bomb(), "1.yaml, document 1 (line 1): "],
  ])("is refused with %s, by file, document and field", (_what, text, words) => {
    expect(refused(text)).toContain(words);
  });

  it("is refused with all of its mistakes at once", () => {
    const text = documents(
      clusterDocument({ networkCIDR: "everywhere" }),
      groupDocument({ role: "Worker", maxSize: -1 }),
    );
    expect(refused(text).split("\n")).toHaveLength(3);
  });
});

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const inner = level === 0 ? "x" : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 9 }, () => inner).join(", ")}]`;
  });
  return `${levels.join("\n")}\n`;
}
