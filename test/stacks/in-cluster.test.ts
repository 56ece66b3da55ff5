import { beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { clusterProgram } from "../../stacks/program.js";
import { parseClusterSettings } from "../../stacks/settings/cluster-settings.js";
import { type MockRun, runWithMocks } from "./mocks.js";
import { rawCluster } from "./settings-fixtures.js";

// Loading Pulumi and its providers takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const run = (change: object = {}) => runWithMocks(clusterProgram(parseClusterSettings(rawCluster(change))));

describe("what is put into a cluster", () => {
  let made: MockRun;
  beforeAll(async () => {
    made = await run({
      controllers: { velero: { namespace: "backups" } },
      velero: {},
      namespaces: { shop: { enforce: "baseline", warn: "restricted" }, legacy: { enforce: "privileged" } },
    });
  });
  const kubernetes = () => made.resources.filter(({ type }) => type.startsWith("kubernetes:"));

  it("goes through the cluster's own API, when nodes and DNS are there", () => {
    const { inputs } = made.one("pulumi:providers:kubernetes");
    expect(parse(String(inputs.kubeconfig)).clusters[0].cluster.server).toBe("https://prod-1-35.eks.example");
    for (const { dependsOn } of kubernetes()) expect(dependsOn.join()).toMatch(/prod-1-35-after-coredns/);
  });

  it("goes down with the cluster, without a request for each", () => {
    for (const { deletedWith } of kubernetes()) expect(deletedWith).toMatch(/aws:eks\/cluster:Cluster::prod-1-35$/);
  });

  it("has namespaces with levels of Pod security", () => {
    const told = made.ofType(":Namespace").map(({ inputs }) => inputs.metadata as { name: string; labels: object });
    const level = (enforce: string, warn: string) => ({
      "pod-security.kubernetes.io/enforce": enforce,
      "pod-security.kubernetes.io/warn": warn,
      "pod-security.kubernetes.io/audit": warn,
    });
    expect(Object.fromEntries(told.map(({ name, labels }) => [name, labels]))).toEqual({
      shop: level("baseline", "restricted"),
      legacy: level("privileged", "privileged"),
      backups: level("baseline", "restricted"),
    });
  });

  it("has Velero with the foundation's bucket, below the cluster's own name", () => {
    expect(made.one(":BackupStorageLocation").inputs.spec).toEqual({
      provider: "aws",
      default: true,
      objectStorage: { bucket: "prod-backups", prefix: "prod-1-35" },
      config: { region: "eu-west-1" },
    });
    const { spec } = made.one(":Deployment").inputs as { spec: { template: { spec: Record<string, unknown> } } };
    expect(spec.template.spec).toMatchObject({
      serviceAccountName: "velero",
      containers: [{ image: "velero/velero:v1.17.1", args: ["server"] }],
      initContainers: [{ image: "velero/velero-plugin-for-aws:v1.13.1" }],
    });
    const [association] = made.ofType(":PodIdentityAssociation");
    expect(association?.inputs).toMatchObject({ namespace: "backups", serviceAccount: "velero" });
  });

  it("makes Velero's definitions before anything of them, by the program's own version", () => {
    const job = made.one(":Job");
    expect(job.inputs.spec).toMatchObject({
      template: { spec: { containers: [{ image: "velero/velero:v1.17.1", args: ["install", "--crds-only"] }] } },
    });
    for (const type of [":Deployment", ":BackupStorageLocation", ":VolumeSnapshotLocation"])
      expect(made.one(type).dependsOn.join()).toMatch(/Job::prod-1-35-velero-definitions/);
  });

  it("keeps to the strictest level of Pod security", () => {
    const pods = [made.one(":Job"), made.one(":Deployment")].map(
      ({ inputs }) => (inputs.spec as { template: { spec: Record<string, object> } }).template.spec,
    );
    for (const { securityContext, containers = [], initContainers = [] } of pods) {
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      for (const container of [containers, initContainers].flat())
        expect(container).toMatchObject({
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        });
    }
  });
});

describe("where nothing is asked for", () => {
  it("the cluster's API isn't needed", async () => {
    const made = await run({ controllers: { velero: {} } });
    expect(made.resources.filter(({ type }) => type.includes("kubernetes"))).toEqual([]);
  });
});
