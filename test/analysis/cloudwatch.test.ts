import { describe, expect, it } from "vitest";
import { cloudwatch, judgeData } from "../../src/analysis/cloudwatch.js";
import type { AnalysisConfig } from "../../src/analysis/context.js";
import type { MetricData, MetricQuestion, MetricSeries } from "../../src/aws/cloudwatch.js";
import { UserError } from "../../src/model/errors.js";
import { virtualClock } from "../aws/clock.js";
import { analysisContext } from "./context.js";

const at = Date.parse("2026-11-28T22:03:00Z");
const series = (values: number[], status = "Complete", messages: string[] = []): MetricSeries => ({
  label: "errors",
  status,
  points: values.map((value) => ({ at, value })),
  messages,
});

describe("metric data", () => {
  it.each<[string, MetricData, string, RegExp]>([
    ["all within", { series: [series([0, 1])], messages: [] }, "passed", /errors at 2026-11-28T22:03:00.000Z is 0;/],
    ["one beyond", { series: [series([0, 2])], messages: [] }, "failed", /is 2; expected at most 1/],
    ["one series beyond", { series: [series([0]), series([3])], messages: [] }, "failed", /is 3/],
    ["no data points", { series: [series([])], messages: [] }, "inconclusive", /no data of errors/],
    ["no series", { series: [], messages: [] }, "inconclusive", /There is no data/],
    ["one series without data", { series: [series([0]), series([])], messages: [] }, "inconclusive", /no data/],
    ["partial data", { series: [series([0], "PartialData")], messages: [] }, "inconclusive", /errors is PartialData/],
    ["partial data, beyond", { series: [series([2], "PartialData")], messages: [] }, "failed", /is 2/],
    [
      "no permission",
      { series: [series([], "Forbidden", ["no access"])], messages: [] },
      "inconclusive",
      /Forbidden, no access/,
    ],
    ["an error inside", { series: [series([0], "InternalError")], messages: [] }, "inconclusive", /InternalError/],
    [
      "a message about all",
      { series: [series([0])], messages: ["too many metrics"] },
      "inconclusive",
      /too many metrics/,
    ],
  ])("%s", (_, data, outcome, detail) => {
    expect(judgeData(data, { max: 1, missing: "inconclusive" })).toEqual({
      outcome,
      detail: expect.stringMatching(detail),
    });
  });

  it.each(["passes", "fails", "inconclusive"] as const)("that isn't there %s", (missing) => {
    const outcome = { passes: "passed", fails: "failed", inconclusive: "inconclusive" }[missing];
    expect(judgeData({ series: [series([])], messages: [] }, { max: 1, missing })).toMatchObject({ outcome });
  });

  it("that isn't there doesn't pass where there may be some", () => {
    const data = { series: [series([], "PartialData")], messages: [] };
    expect(judgeData(data, { max: 1, missing: "passes" })).toMatchObject({ outcome: "inconclusive" });
  });
});

describe("cloudwatch", () => {
  const check: Extract<AnalysisConfig, { kind: "cloudwatch" }> = {
    kind: "cloudwatch",
    name: "errors",
    metrics: {
      errors: {
        namespace: "AWS/ELB",
        name: "Errors",
        dimensions: { LoadBalancer: "app/{{green}}/1" },
        statistic: "Sum",
      },
    },
    expression: "errors / {{share}}",
    max: 1,
    missing: "inconclusive",
    period: "1m",
    over: "5m",
    timeout: "10s",
  };
  const asking = async (
    answer: (question: MetricQuestion) => Promise<MetricData>,
    more: Partial<typeof check> = {},
  ) => {
    const opened = { region: undefined as string | undefined, closed: 0 };
    const result = await cloudwatch(
      { ...check, ...more },
      analysisContext({
        clock: virtualClock(Date.parse("2026-11-28T22:03:42Z")),
        async openCloudWatch(region) {
          opened.region = region;
          return { metricData: answer, close: () => void opened.closed++ };
        },
      }),
    );
    return { result, opened };
  };

  it("asks for whole periods until now, with names filled in", async () => {
    const questions: MetricQuestion[] = [];
    const { result, opened } = await asking(
      async (question) => {
        questions.push(question);
        return { series: [series([1])], messages: [] };
      },
      { region: "us-east-1" },
    );
    expect(questions).toEqual([
      {
        metrics: {
          errors: {
            namespace: "AWS/ELB",
            name: "Errors",
            dimensions: { LoadBalancer: "app/acme-1-35/1" },
            statistic: "Sum",
          },
        },
        expression: "errors / 25",
        period: 60,
        from: Date.parse("2026-11-28T21:58:00Z"),
        to: Date.parse("2026-11-28T22:03:00Z"),
      },
    ]);
    expect(result).toMatchObject({ outcome: "passed" });
    expect(opened).toEqual({ region: "us-east-1", closed: 1 });
  });

  it("is inconclusive where AWS refuses, whatever missing data means", async () => {
    const refused = () =>
      Promise.reject(new UserError({ code: "aws-failed", what: "GetMetricData: AccessDenied", fix: "" }));
    const { result, opened } = await asking(refused, { missing: "passes" });
    expect(result).toEqual({ outcome: "inconclusive", detail: expect.stringContaining("AccessDenied") });
    expect(opened.closed).toBe(1);
  });
});
