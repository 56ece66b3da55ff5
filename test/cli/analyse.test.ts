import { expect, it } from "vitest";
import { exitCodes } from "../../src/model/exit-codes.js";
import { configuredPlace } from "./place.js";

const own = (name: string, code: number) => ({
  kind: "command",
  name,
  run: ["/bin/sh", "-c", `echo "at $CLUSTERSHIFT_STEP"; exit ${code}`],
});

it("analyse says by its exit code what the checks say, without any run", async () => {
  const [passed, failed, inconclusive, none] = await Promise.all(
    [[own("a", 0)], [own("a", 0), own("b", 3), own("c", 1)], [own("a", 0), own("b", 3)], []].map(async (analysis) => {
      const place = await configuredPlace("kubeconfig.yaml", { traffic: { analysis } });
      return place.json<{ outcome: string; checks: { name: string; outcome: string; detail: string }[] }>("analyse");
    }),
  );
  expect(passed).toMatchObject({
    code: exitCodes.ok.code,
    json: { outcome: "passed", checks: [{ name: "a", detail: "exit 0: at analyse" }] },
  });
  expect(failed).toMatchObject({ code: exitCodes["checks-failed"].code, json: { outcome: "failed" } });
  expect(failed?.json.checks.map(({ outcome }) => outcome)).toEqual(["passed", "inconclusive", "failed"]);
  expect(inconclusive).toMatchObject({
    code: exitCodes["checks-inconclusive"].code,
    json: { outcome: "inconclusive" },
  });
  expect(none).toMatchObject({ code: exitCodes["checks-failed"].code, json: { checks: [] } });
});
