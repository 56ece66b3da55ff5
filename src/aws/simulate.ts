import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import type { Clock } from "../model/clock.js";
import type { SimulatedAction } from "../model/preflight.js";
import { createCall } from "./call.js";
import { allPages } from "./pages.js";
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
        const ContextEntries = context.map(({ key, type, values }) => ({
          ContextKeyName: key,
          ContextKeyType: type,
          ContextKeyValues: values,
        }));
        const evaluations = await allPages(
          (Marker) =>
            call({ action: "SimulatePrincipalPolicy", resource: arn }, () =>
              client.send(
                new SimulatePrincipalPolicyCommand({
                  ...{ PolicySourceArn: arn, ActionNames: actions, ResourceArns: resources },
                  ...{ ContextEntries, Marker },
                }),
              ),
            ),
          ({ EvaluationResults, IsTruncated, Marker }) => ({
            items: EvaluationResults,
            next: IsTruncated ? Marker : undefined,
          }),
        );
        for (const { EvalActionName: action = "", EvalResourceName: on = "*", EvalDecision } of evaluations) {
          // Where a policy gives several ways, one of them will do.
          const isAllowed = EvalDecision === "allowed" || (results.get(`${action} ${on}`)?.isAllowed ?? false);
          results.set(`${action} ${on}`, { action, on, isAllowed });
        }
      }
      return [...results.values()];
    },
    close() {
      client.destroy();
    },
  };
}
