import { setTimeout as delay } from "node:timers/promises";
import { DescribeAddressesCommand, type EC2Client } from "@aws-sdk/client-ec2";

/** The Elastic IPs of the emulator, as of the last look. */
export interface ElasticIps {
  /** Every address that is allocated, with the instance that it's associated with, if any. */
  current(): ReadonlyMap<string, string | undefined>;
  /** Calls back after each look that saw a change. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

/** Looks every `pollMs` milliseconds. While the emulator doesn't answer the last look holds. */
export function followElasticIps(ec2: EC2Client, pollMs: number): ElasticIps {
  const closing = new AbortController();
  const { signal } = closing;
  const listeners: (() => void)[] = [];
  let current = new Map<string, string | undefined>();
  const look = async (): Promise<void> => {
    const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}), { abortSignal: signal });
    const seen = new Map(
      Addresses.flatMap(({ PublicIp, InstanceId }) => (PublicIp ? [[PublicIp, InstanceId || undefined]] : [])),
    );
    if (same(seen, current)) return;
    current = seen;
    for (const listener of listeners) listener();
  };
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await look().catch(() => undefined);
      await delay(pollMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = loop();
  return {
    current: () => current,
    onChange: (listener) => void listeners.push(listener),
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

function same(a: ReadonlyMap<string, string | undefined>, b: ReadonlyMap<string, string | undefined>): boolean {
  return a.size === b.size && [...a].every(([ip, instance]) => b.has(ip) && b.get(ip) === instance);
}
