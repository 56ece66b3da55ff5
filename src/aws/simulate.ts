import {
  GetRoleCommand,
  IAMClient,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandOutput,
} from "@aws-sdk/client-iam";
import type { Clock } from "../model/clock.js";
import type { SimulatedAction } from "../model/preflight.js";
import { createCall } from "./call.js";
import type { PermissionQuestion } from "./permissions/questions.js";
import { type AwsSettings, clientSettings } from "./settings.js";

/** What an IAM principal's policies would say, asked without doing any of it. Throws UserError `aws-failed`. */
export interface Simulation {
  /** The user or role behind a caller's ARN: a session's role may have a path, which the session's ARN doesn't show. */
  principal(callerArn: string): Promise<string>;
  /** `arn`: of an IAM user or role. Each action on each resource once. */
  simulate(arn: string, questions: readonly PermissionQuestion[]): Promise<SimulatedAction[]>;
  close(): void;
}

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
    async simulate(arn, questions) {
      const results = new Map<string, SimulatedAction>();
      for (const { actions, resources, context } of questions) {
        let marker: string | undefined;
        do {
          const command = new SimulatePrincipalPolicyCommand({
            PolicySourceArn: arn,
            ActionNames: actions,
            ResourceArns: resources,
            ContextEntries: context.map(({ key, type, values }) => ({
              ContextKeyName: key,
              ContextKeyType: type,
              ContextKeyValues: values,
            })),
            Marker: marker,
          });
          const page: SimulatePrincipalPolicyCommandOutput = await call(
            { action: "SimulatePrincipalPolicy", resource: arn },
            () => client.send(command),
          );
          for (const {
            EvalActionName: action = "",
            EvalResourceName: on = "*",
            EvalDecision,
          } of page.EvaluationResults ?? []) {
            // Where a policy gives several ways, one of them will do.
            const isAllowed = EvalDecision === "allowed" || (results.get(`${action} ${on}`)?.isAllowed ?? false);
            results.set(`${action} ${on}`, { action, on, isAllowed });
          }
          marker = page.IsTruncated ? page.Marker : undefined;
        } while (marker);
      }
      return [...results.values()];
    },
    close() {
      client.destroy();
    },
  };
}
