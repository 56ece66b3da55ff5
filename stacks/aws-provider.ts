import { Provider } from "@pulumi/aws/provider.js";

export interface ProviderSettings {
  name: string;
  region: string;
  account?: string | undefined;
  tags: Record<string, string>;
}

/**
 * The provider that every resource of a stack is made with: never the ambient one, so that region, account and tags are
 * those of the settings, however the stack is run. Its tags are how teardown finds what a stack made.
 */
export function awsProvider(
  kind: "foundation" | "cluster",
  { name, region, account, tags }: ProviderSettings,
): Provider {
  return new Provider("aws", {
    region,
    ...(account === undefined ? {} : { allowedAccountIds: [account] }),
    defaultTags: { tags: { ...tags, ...ownTags(kind, name) } },
  });
}

/** Also put on what AWS makes for us and default tags don't reach: instances, volumes and interfaces of node groups. */
export function ownTags(kind: "foundation" | "cluster", name: string): Record<string, string> {
  return { "managed-by": "clustershift", [`clustershift:${kind}`]: name };
}
