import fc from "fast-check";
import type { JsonObject } from "../../../src/model/objects.js";
import { selector, some } from "./shared.js";

/** Random valid bodies of access, scheduling, storage and certificate kinds in their old versions. */

const RBAC = "rbac.authorization.k8s.io";

const resourceRule = some<unknown>(
  {
    verbs: fc.subarray(["get", "list", "watch", "*"], { minLength: 1 }),
    apiGroups: fc.subarray(["", "apps", "*"], { minLength: 1 }),
    resources: fc.subarray(["pods", "deployments/scale", "*"], { minLength: 1 }),
    resourceNames: fc.constantFrom([], ["web"]),
  },
  ["verbs", "apiGroups", "resources"],
);
const urlRule = fc.constantFrom<JsonObject>({ verbs: ["get"], nonResourceURLs: ["/healthz", "/metrics/*"] });

export const role: fc.Arbitrary<JsonObject> = fc.record({ rules: fc.array(resourceRule, { maxLength: 3 }) });

export const clusterRole: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    rules: fc.array(fc.oneof(resourceRule, urlRule), { maxLength: 3 }),
    aggregationRule: fc.array(selector, { minLength: 1, maxLength: 2 }).map((all) => ({ clusterRoleSelectors: all })),
  },
  ["rules"],
);

const serviceAccount = { kind: "ServiceAccount", name: "web", namespace: "default" };
/** v1alpha1 gave subjects an apiVersion, later versions a group; in both it may be left out. */
const subject = (apiVersion: string): fc.Arbitrary<JsonObject> =>
  apiVersion.endsWith("v1alpha1")
    ? fc.constantFrom<JsonObject>(
        serviceAccount,
        { ...serviceAccount, apiVersion: "v1" },
        { kind: "User", name: "anna" },
        { kind: "User", name: "*" },
        { kind: "Group", name: "ops", apiVersion: `${RBAC}/v1alpha1` },
      )
    : fc.constantFrom<JsonObject>(
        serviceAccount,
        { ...serviceAccount, apiGroup: "" },
        { kind: "User", name: "anna" },
        { kind: "User", name: "*" },
        { kind: "Group", name: "ops", apiGroup: RBAC },
      );

/** Of a RoleBinding, or of a ClusterRoleBinding where only cluster roles can be bound. */
export const binding =
  (kinds: string[]) =>
  (apiVersion: string): fc.Arbitrary<JsonObject> =>
    some<unknown>(
      {
        subjects: fc.array(subject(apiVersion), { maxLength: 3 }),
        roleRef: some<unknown>(
          { apiGroup: fc.constant(RBAC), kind: fc.constantFrom(...kinds), name: fc.constant("view") },
          ["kind", "name"],
        ),
      },
      ["roleRef"],
    );

export const priorityClass: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    value: fc.integer({ min: -2_147_483_648, max: 1_000_000_000 }),
    description: fc.constantFrom("", "größer"),
    preemptionPolicy: fc.constantFrom("Never", "PreemptLowerPriority"),
    globalDefault: fc.constant(false),
  },
  ["value"],
);

export const lease: fc.Arbitrary<JsonObject> = some<unknown>({
  spec: some<unknown>({
    holderIdentity: fc.constantFrom("a", "b_c"),
    leaseDurationSeconds: fc.integer({ min: 1, max: 60 }),
    acquireTime: fc.constant("2026-01-01T00:00:00.000000Z"),
    renewTime: fc.constant("2026-01-01T00:00:10.123456Z"),
    leaseTransitions: fc.nat(9),
  }),
});

export const storageClass: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    provisioner: fc.constantFrom("kubernetes.io/aws-ebs", "ebs.csi.aws.com"),
    parameters: fc.constantFrom({}, { type: "gp2", fsType: "ext4" }),
    reclaimPolicy: fc.constantFrom("Delete", "Retain"),
    mountOptions: fc.constantFrom([], ["debug"]),
    allowVolumeExpansion: fc.boolean(),
    volumeBindingMode: fc.constantFrom("Immediate", "WaitForFirstConsumer"),
    allowedTopologies: fc.constant([{ matchLabelExpressions: [{ key: "zone", values: ["a", "b"] }] }]),
  },
  ["provisioner"],
);

export const volumeAttachment: fc.Arbitrary<JsonObject> = fc
  .record({
    attacher: fc.constantFrom("ebs.csi.aws.com", "x"),
    nodeName: fc.constantFrom("n1", "n2"),
    source: fc.constantFrom<JsonObject>({ persistentVolumeName: "pv-1" }, { persistentVolumeName: "pv-2" }),
  })
  .map((spec) => ({ spec }));

export const csiDriver: fc.Arbitrary<JsonObject> = some<unknown>({
  attachRequired: fc.boolean(),
  podInfoOnMount: fc.boolean(),
  volumeLifecycleModes: fc.subarray(["Persistent", "Ephemeral"], { minLength: 1 }),
  storageCapacity: fc.boolean(),
  fsGroupPolicy: fc.constantFrom("None", "File", "ReadWriteOnceWithFSType"),
  tokenRequests: fc.constantFrom([{ audience: "a" }], [{ audience: "a", expirationSeconds: 700 }]),
  requiresRepublish: fc.boolean(),
}).map((spec) => ({ spec }));

export const csiNode: fc.Arbitrary<JsonObject> = fc
  .uniqueArray(fc.constantFrom("ebs.csi.aws.com", "efs.csi.aws.com"), { maxLength: 2 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        some<unknown>(
          {
            name: fc.constant(name),
            nodeID: fc.constant("i-1"),
            topologyKeys: fc.constantFrom(null, [], ["zone"]),
            allocatable: some({ count: fc.nat(9) }),
          },
          ["name", "nodeID", "topologyKeys"],
        ),
      ),
    ),
  )
  .map((drivers) => ({ spec: { drivers } }));

/** The request of `/O=system:nodes/CN=system:node:n1`, for which old servers guess a signer of their own. */
const nodeRequest = [
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIck1JR1NBZ0VBTURBeEZUQVRCZ05WQkFvTURITjVjM1JsYlRw",
  "dWIyUmxjekVYTUJVR0ExVUVBd3dPYzNsegpkR1Z0T201dlpHVTZiakV3V1RBVEJnY3Foa2pPUFFJQkJnZ3Foa2pPUFFNQkJ3TkNB",
  "QVQySS9lbVg4Q1czRkxTCmQ5UVE0a0lZSWlqZVc5Nm5oQ0dCSElUbXhVWmVacFdmaEVHNFZGSE84N05oNnVOclp6OUt0djlmQkZI",
  "NnUxTlAKYlIya3hLN1BvQUF3Q2dZSUtvWkl6ajBFQXdJRFNBQXdSUUlnZE90ZnhpYlloazFJbmZYWm40bkx2NnhhM2w5Vwptb3hB",
  "eFRwSlgxU2lkMVVDSVFERDlmRllLdkdhY0FOeExFcXpyYjV0VXBWa0U5MGJTbEhIVE0rR0F4WGVNQT09Ci0tLS0tRU5EIENFUlRJ",
  "RklDQVRFIFJFUVVFU1QtLS0tLQo=",
].join("");
/** The request of `/CN=anna`. */
const userRequest = [
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIS01IRUNBUUF3RHpFTk1Bc0dBMVVFQXd3RVlXNXVZVEJaTUJN",
  "R0J5cUdTTTQ5QWdFR0NDcUdTTTQ5QXdFSApBMElBQkd4M0hDMThmb2ZkWklSOUM2RWRyTmhqdGp2NE91bUtBWGo3SmdzWklUbkR0",
  "R2hvZStBMWhqV1VBN3B3CkViUHFlSnk5M2tuWGFBZ01hNkxwdzlSR0Z6MmdBREFLQmdncWhrak9QUVFEQWdOSkFEQkdBaUVBZzZO",
  "dkFuVHgKODVaOE4vRWJFVUo0VC9pZ3puU2lVTm5lbWZIbXZlWldublVDSVFDNkw3Vmh0clhpc1p0ZUVlSUNxOU9hMFExNApKSkov",
  "VGt2dG8xYW4vSDZLYUE9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K",
].join("");

const signing = {
  signerName: fc.constantFrom("kubernetes.io/kube-apiserver-client", "acme.example/ours"),
  usages: fc.constantFrom(["client auth"], ["digital signature", "key encipherment", "client auth"]),
};

export const certificateSigningRequest: fc.Arbitrary<JsonObject> = fc
  .oneof(
    some<unknown>({ request: fc.constant(userRequest), ...signing }, ["request"]),
    some<unknown>({ request: fc.constant(nodeRequest), ...signing }, ["request", "signerName"]),
  )
  .map((spec) => ({ spec }));

/** v1alpha1 had a spec. */
export const runtimeClassAlpha: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    runtimeHandler: fc.constantFrom("runsc", "kata"),
    overhead: fc.constantFrom({ podFixed: { cpu: "100m" } }, {}),
    scheduling: some<unknown>({ nodeSelector: fc.constantFrom({}, { a: "b" }) }),
  },
  ["runtimeHandler"],
).map((spec) => ({ spec }));

const range = fc.constantFrom({ min: 1, max: 65535 }, { min: 5, max: 5 });
const strategy = (kinds: string[]) =>
  fc
    .constantFrom(...kinds)
    .chain((rule) => range.map((only) => (rule.startsWith("Must") ? { rule, ranges: [only] } : { rule })));

export const podSecurityPolicy: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    privileged: fc.boolean(),
    hostNetwork: fc.boolean(),
    hostPorts: fc.array(range, { maxLength: 2 }),
    volumes: fc.subarray(["configMap", "secret", "hostPath", "*"]),
    allowedCapabilities: fc.subarray(["NET_ADMIN"]),
    requiredDropCapabilities: fc.subarray(["KILL"]),
    defaultAllowPrivilegeEscalation: fc.constant(false),
    allowPrivilegeEscalation: fc.boolean(),
    readOnlyRootFilesystem: fc.boolean(),
    allowedHostPaths: fc.constantFrom([], [{ pathPrefix: "/tmp", readOnly: true }]),
    runAsUser: strategy(["RunAsAny", "MustRunAs"]),
    fsGroup: strategy(["RunAsAny", "MustRunAs"]),
    supplementalGroups: strategy(["RunAsAny", "MustRunAs"]),
    seLinux: fc.constant({ rule: "RunAsAny" }),
  },
  ["runAsUser", "fsGroup", "supplementalGroups", "seLinux"],
).map((spec) => ({ spec }));
