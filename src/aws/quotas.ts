import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import type { Clock } from "../model/clock.js";
import { UserError } from "../model/errors.js";
import { createCall } from "./call.js";
import { type AwsSettings, clientSettings } from "./settings.js";

/** Limits that AWS sets to an account in a region. Methods throw UserError `aws-failed`. */
export interface Quotas {
  /** Of a service (`ec2`), by code (`L-1216C47A`): the account's own, else AWS's default. */
  quota(service: string, code: string): Promise<number>;
  close(): void;
}

export function openQuotas(
  aws: AwsSettings,
  { clock, random = Math.random }: { clock: Clock; random?: () => number },
): Quotas {
  const client = new ServiceQuotasClient(clientSettings(aws));
  const { call } = createCall({ clock, now: () => performance.now(), random });
  return {
    async quota(service, code) {
      const which = { ServiceCode: service, QuotaCode: code };
      const resource = `${service} ${code}`;
      try {
        const { Quota } = await call({ action: "GetServiceQuota", resource }, () =>
          client.send(new GetServiceQuotaCommand(which)),
        );
        if (Quota?.Value !== undefined) return Quota.Value;
      } catch (error) {
        // Of a quota that was never changed the account may have no value of its own.
        const cause = error instanceof UserError ? (error.cause as { name?: string }) : undefined;
        if (cause?.name !== "NoSuchResourceException") throw error;
      }
      const { Quota } = await call({ action: "GetAWSDefaultServiceQuota", resource }, () =>
        client.send(new GetAWSDefaultServiceQuotaCommand(which)),
      );
      if (Quota?.Value !== undefined) return Quota.Value;
      throw new UserError({
        code: "aws-failed",
        what: `Service Quotas has no value for ${resource}.`,
        fix: "Look at it in the console of Service Quotas.",
      });
    },
    close() {
      client.destroy();
    },
  };
}
