import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it } from "vitest";
import { eachOnce, errorOf, resourceProgress } from "../../stacks/engine/progress.js";

const urn = "urn:pulumi:prod::clustershift::clustershift:cluster:ControlPlane$aws:eks/cluster:Cluster::prod-1-35";
const metadata = { op: "create" as const, urn, type: "aws:eks/cluster:Cluster", provider: "" };
const event = (told: Partial<EngineEvent>): EngineEvent => ({ sequence: 1, timestamp: 1, ...told });
const told = { type: "aws:eks/cluster:Cluster", name: "prod-1-35", op: "create" };

describe("resourceProgress", () => {
  it.each([
    { case: "a start", event: event({ resourcePreEvent: { metadata } }), is: { ...told, done: false, failed: false } },
    { case: "an end", event: event({ resOutputsEvent: { metadata } }), is: { ...told, done: true, failed: false } },
    {
      case: "a failure",
      event: event({ resOpFailedEvent: { metadata, status: 1, steps: 1 } }),
      is: { ...told, done: true, failed: true },
    },
    { case: "nothing of a resource", event: event({ cancelEvent: {} }), is: undefined },
  ])("reads $case", ({ event, is }) => {
    expect(resourceProgress(event)).toEqual(is);
  });
});

describe("eachOnce", () => {
  it("hands on what was read again only once, in order", () => {
    const seen: number[] = [];
    const listen = eachOnce(({ sequence }) => seen.push(sequence));
    for (const sequence of [0, 1, 2, 1, 2, 3, 0, 4]) listen({ ...event({}), sequence });
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("errorOf", () => {
  const diagnostic = { message: "<{%reset%}>no room<{%reset%}>\n", color: "never", severity: "error" as const };
  it.each([
    { case: "an error of a resource", diagnosticEvent: { ...diagnostic, urn }, is: "prod-1-35: no room" },
    { case: "an error of none", diagnosticEvent: diagnostic, is: "no room" },
    { case: "a warning", diagnosticEvent: { ...diagnostic, severity: "warning" as const }, is: undefined },
    { case: "only colour", diagnosticEvent: { ...diagnostic, message: "<{%reset%}>" }, is: undefined },
  ])("reads $case, without colours", ({ diagnosticEvent, is }) => {
    expect(errorOf(event({ diagnosticEvent }))).toBe(is);
  });
});
