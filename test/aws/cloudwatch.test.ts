import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, describe, expect, it } from "vitest";
import { collectPages, openCloudWatch } from "../../src/aws/cloudwatch.js";
import { virtualClock } from "./clock.js";
import { openTestAws } from "./moto.js";

const opened = await openTestAws();

describe.skipIf("missing" in opened)(`CloudWatch${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`, () => {
  if ("missing" in opened) return;
  const { front } = opened;
  const region = "eu-central-1";
  const cloudWatch = openCloudWatch({ region, endpoint: front.endpoint }, { clock: virtualClock() });
  const seeding = new CloudWatchClient({ region, endpoint: front.internalEndpoint });
  afterAll(async () => {
    cloudWatch.close();
    await opened.close();
  });
  const signal = new AbortController().signal;
  const minute = 60_000;
  const to = Math.floor(Date.now() / minute) * minute;
  const namespace = `clustershift-${process.pid}`;
  const metric = (name: string) => ({ namespace, name, dimensions: { cluster: "green" }, statistic: "Sum" });
  const put = (name: string, at: number, value: number) =>
    seeding.send(
      new PutMetricDataCommand({
        Namespace: namespace,
        MetricData: [
          {
            MetricName: name,
            Dimensions: [{ Name: "cluster", Value: "green" }],
            Timestamp: new Date(at),
            Value: value,
          },
        ],
      }),
    );

  it("reads the data points of a time, by period", async () => {
    await put("errors", to - 10 * minute, 100);
    await put("errors", to - 2 * minute, 3);
    await put("errors", to - 2 * minute, 4);
    await put("errors", to - minute, 5);
    const question = { metrics: { errors: metric("errors") }, period: 60, from: to - 5 * minute, to };
    const { series, messages } = await cloudWatch.metricData(question, signal);
    expect(messages).toEqual([]);
    expect(series).toMatchObject([{ status: "Complete", messages: [] }]);
    expect(series[0]?.points.map(({ value }) => value).sort()).toEqual([5, 7]);
  });

  it("reads a metric that was never written as a series without data", async () => {
    const question = { metrics: { none: metric("none") }, period: 60, from: to - 5 * minute, to };
    const { series } = await cloudWatch.metricData(question, signal);
    expect(series.map(({ points }) => points)).toEqual([[]]);
  });
});

describe("pages", () => {
  const at = (seconds: number) => new Date(seconds * 1000);
  it("of one series are put together, and the last says how complete it is", async () => {
    const pages: Record<string, Awaited<ReturnType<Parameters<typeof collectPages>[0]>>> = {
      first: {
        MetricDataResults: [
          { Id: "a", Label: "errors", StatusCode: "PartialData", Timestamps: [at(1)], Values: [1] },
          { Id: "b", Label: "denied", StatusCode: "Forbidden", Messages: [{ Code: "Forbidden", Value: "no" }] },
        ],
        NextToken: "second",
      },
      second: {
        MetricDataResults: [{ Id: "a", Label: "errors", StatusCode: "Complete", Timestamps: [at(2)], Values: [2] }],
        Messages: [{ Code: "MaxMetricsExceeded", Value: "too many" }],
      },
    };
    const asked: string[] = [];
    const data = await collectPages(async (token = "first") => {
      asked.push(token);
      return pages[token] ?? {};
    });
    expect(asked).toEqual(["first", "second"]);
    expect(data).toEqual({
      series: [
        {
          label: "errors",
          status: "Complete",
          points: [
            { at: 1000, value: 1 },
            { at: 2000, value: 2 },
          ],
          messages: [],
        },
        { label: "denied", status: "Forbidden", points: [], messages: ["Forbidden: no"] },
      ],
      messages: ["MaxMetricsExceeded: too many"],
    });
  });

  it("that never end are given up, and it is told", async () => {
    let asked = 0;
    const { messages } = await collectPages(async () => {
      asked++;
      return { NextToken: "more" };
    });
    expect(asked).toBe(20);
    expect(messages).toEqual(["more than 20 pages of data"]);
  });
});
