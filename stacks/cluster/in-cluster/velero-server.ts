/** What runs Velero's server. */
export interface VeleroServerArgs {
  namespace: string;
  serviceAccount: string;
  region: string;
  image: string;
  pluginImage: string;
}

const labels = { "app.kubernetes.io/name": "velero" };

/** Nothing of it needs root or a capability. */
const confined = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  runAsUser: 65_532,
};

/**
 * The spec of the server's Deployment. It has the plugin from an init container, as Velero wants it, and its credentials
 * from its service account.
 */
export function veleroServer({ namespace, serviceAccount, region, image, pluginImage }: VeleroServerArgs) {
  const [plugins, scratch] = [
    { name: "plugins", mountPath: "/plugins" },
    { name: "scratch", mountPath: "/scratch" },
  ] as const;
  const env = {
    VELERO_SCRATCH_DIR: scratch.mountPath,
    VELERO_NAMESPACE: namespace,
    LD_LIBRARY_PATH: plugins.mountPath,
    AWS_REGION: region,
  };
  return {
    // Two servers would take the same backup twice.
    replicas: 1,
    strategy: { type: "Recreate" },
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: serviceAccount,
        securityContext: { runAsNonRoot: true, fsGroup: 65_532, seccompProfile: { type: "RuntimeDefault" } },
        initContainers: [
          {
            name: "plugin-for-aws",
            image: pluginImage,
            securityContext: confined,
            volumeMounts: [{ name: plugins.name, mountPath: "/target" }],
          },
        ],
        containers: [
          {
            name: "velero",
            image,
            command: ["/velero"],
            args: ["server"],
            env: Object.entries(env).map(([name, value]) => ({ name, value })),
            ports: [{ name: "metrics", containerPort: 8085 }],
            resources: { requests: { cpu: "500m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
            securityContext: confined,
            volumeMounts: [plugins, scratch],
          },
        ],
        volumes: [plugins, scratch].map(({ name }) => ({ name, emptyDir: {} })),
      },
    },
  };
}
