/** As in clustershift.yaml's `aws` section. */
export interface AwsSettings {
  region: string;
  /** For emulators. */
  endpoint?: string | undefined;
  profile?: string | undefined;
}

/** An emulator on this machine takes any key; real ones are not shown to it. */
const emulatorCredentials = { accessKeyId: "emulator", secretAccessKey: "emulator" };

function isLoopback(endpoint: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(endpoint).hostname);
}

/** What every client of the SDK is made with. `timeoutMs`: after which a call that nobody answers is given up. */
export function clientSettings({ region, endpoint, profile }: AwsSettings, timeoutMs = 30_000) {
  return {
    region,
    // Retries are ours: the SDK's own would also repeat a change of records whose answer was lost.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
    ...(endpoint && { endpoint }),
    ...(profile && { profile }),
    ...(endpoint && isLoopback(endpoint) && { credentials: emulatorCredentials }),
  };
}
