import { describe, expect, it } from "vitest";
import { UpdateCourse } from "../../src/provision/course.js";
import { change, cluster, nodeGroup } from "./samples.js";

const minutes = (count: number) => count * 60_000;
const create = { op: "create", failed: false };
const begins = (type: string, name: string) => ({ ...create, type, name, done: false });
const ends = (type: string, name: string) => ({ ...create, type, name, done: true });

describe("the course of an update", () => {
  const foreseen = [
    change("pulumi:pulumi:Stack", {}, { name: "clustershift-prod" }),
    change("clustershift:cluster:NodeGroup", {}, { name: "prod-nodes" }),
    change(cluster, {}, { name: "prod" }),
    change(nodeGroup, {}, { name: "a" }),
    change(nodeGroup, {}, { name: "b" }),
    change("aws:iam/role:Role", {}, { name: "stays", kind: "same" }),
  ];

  it("counts what changes, and expects the control plane, then all groups at the same time", () => {
    expect(new UpdateCourse(foreseen).at(0)).toEqual({ done: 0, total: 3, busy: [], leftMs: minutes(13) });
  });

  it("takes off what has passed, and never says that something is over before it is", () => {
    const course = new UpdateCourse(foreseen);
    course.see(begins(cluster, "prod"), 0);
    expect(course.at(minutes(4))).toMatchObject({
      busy: [{ name: "prod", type: cluster, ms: minutes(4) }],
      leftMs: minutes(9),
    });
    expect(course.at(minutes(60)).leftMs).toBe(minutes(4));
  });

  it("learns from what this run measured", () => {
    const course = new UpdateCourse(foreseen);
    course.see(begins(cluster, "prod"), 0);
    expect(course.see(ends(cluster, "prod"), minutes(8))).toBe(minutes(8));
    course.see(begins(nodeGroup, "a"), minutes(8));
    expect(course.see(ends(nodeGroup, "a"), minutes(13))).toBe(minutes(5));
    expect(course.at(minutes(13))).toEqual({ done: 2, total: 3, busy: [], leftMs: minutes(5) });
    course.see(begins(nodeGroup, "b"), minutes(13));
    course.see(ends(nodeGroup, "b"), minutes(14));
    expect(course.at(minutes(14))).toEqual({ done: 3, total: 3, busy: [], leftMs: 0 });
  });

  it("learns nothing from a failure", () => {
    const course = new UpdateCourse(foreseen);
    course.see(begins(nodeGroup, "a"), 0);
    course.see({ ...ends(nodeGroup, "a"), failed: true }, minutes(40));
    expect(course.at(minutes(40)).leftMs).toBe(minutes(13));
  });

  it("takes a replacement for over once the new one is there", () => {
    const course = new UpdateCourse([change(nodeGroup, {}, { name: "a", kind: "replace" })]);
    const part = (op: string, done: boolean) => ({ type: nodeGroup, name: "a", op, done, failed: false });
    expect(course.see(part("delete-replaced", false), 0)).toBeUndefined();
    expect(course.see(part("delete-replaced", true), minutes(2))).toBeUndefined();
    expect(course.see(part("replace", true), minutes(2))).toBeUndefined();
    expect(course.at(minutes(2))).toMatchObject({ done: 0, total: 1 });
    expect(course.see(part("create-replacement", true), minutes(6))).toBe(minutes(6));
    expect(course.see(part("delete-replaced", true), minutes(7))).toBeUndefined();
    expect(course.at(minutes(7))).toMatchObject({ done: 1, total: 1 });
  });

  it("has nothing to say of what nobody foresaw", () => {
    const course = new UpdateCourse([]);
    expect(course.see(ends(cluster, "prod"), 5)).toBeUndefined();
    expect(course.at(5)).toEqual({ done: 0, total: 0, busy: [], leftMs: 0 });
  });
});
