import {
  GetRoleCommand,
  IAMClient,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandOutput,
} from "@aws-sdk/client-iam";
import type { Clock } from "../model/clock.js";
import type { SimulatedAction } from "../model/preflight.js";
import { createCall } from "./call.js";
import { type AwsSettings, clientSettings } from "./settings.js";

/** What an IAM principal's policies would say, asked without doing any of it. Throws UserError `aws-failed`. */
export interface Simulation {
  /** The user or role behind a caller's ARN: a session's role may have a path, which the session's ARN doesn't show. */
  principal(callerArn: string): Promise<string>;
  /** `arn`: of an IAM user or role. */
  simulate(arn: string, actions: readonly string[]): Promise<SimulatedAction[]>;
  close(): void;
}

/** How many actions a call takes along; the answers come in pages. */
const mostActions = 100;

export function openSimulation(
  aws: AwsSettings,
  { clock, random = Math.random }: { clock: Clock; random?: () => number },
): Simulation {
  const client = new IAMClient(clientSettings(aws));
  const { call } = createCall({ clock, now: () => performance.now(), random });
  return {
    async principal(callerArn) {
      const role = /:assumed-role\/([^/]+)\//.exec(callerArn)?.[1];
      if (role === undefined) return callerArn;
      const { Role } = await call({ action: "GetRole", resource: role }, () =>
        client.send(new GetRoleCommand({ RoleName: role })),
      );
      return Role?.Arn ?? callerArn;
    },
    async simulate(arn, actions) {
      const results: SimulatedAction[] = [];
      for (let from = 0; from < actions.length; from += mostActions) {
        let marker: string | undefined;
        do {
          const page: SimulatePrincipalPolicyCommandOutput = await call(
            { action: "SimulatePrincipalPolicy", resource: arn },
            () =>
              client.send(
                new SimulatePrincipalPolicyCommand({
                  PolicySourceArn: arn,
                  ActionNames: actions.slice(from, from + mostActions),
                  Marker: marker,
                }),
              ),
          );
          for (const { EvalActionName = "", EvalDecision } of page.EvaluationResults ?? [])
            results.push({ action: EvalActionName, isAllowed: EvalDecision === "allowed" });
          marker = page.IsTruncated ? page.Marker : undefined;
        } while (marker);
      }
      return results;
    },
    close() {
      client.destroy();
    },
  };
}
