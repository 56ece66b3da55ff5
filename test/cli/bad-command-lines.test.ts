import { describe, expect, it } from "vitest";
import { configuredPlace, emptyPlace, expectRefusal, placeWithRun } from "./place.js";

/** Mistakes on the command line itself: seen before anything is read. */
describe("a wrong command line", () => {
  it.each<{ line: string; what: string | RegExp; fix: string | RegExp }>([
    { line: "", what: "Say which command", fix: /^clustershift --help$/ },
    { line: "plam", what: "Did you mean plan?", fix: /^clustershift --help$/ },
    { line: "frobnicate", what: "frobnicate", fix: /^clustershift --help$/ },
    { line: "plan --nope", what: "nope", fix: /^clustershift plan --help$/ },
    { line: "plan extra", what: "extra", fix: /^clustershift plan --help$/ },
    {
      line: "plan --log-level loud",
      what: '"loud", Choices: "quiet", "info", "debug"',
      fix: /^clustershift plan --help$/,
    },
    { line: "plan --config", what: "config", fix: /^clustershift plan --help$/ },
    {
      line: "plan --config a.yaml --config b.yaml",
      what: "--config is given more than once",
      fix: "clustershift plan --help",
    },
    { line: "status --run", what: "run", fix: /^clustershift status --help$/ },
    { line: "approve --by", what: "by", fix: /^clustershift approve --help$/ },
    { line: "approve --by Jo --by Max", what: "--by is given more than once", fix: "clustershift approve --help" },
    { line: "smoke --junit", what: "junit", fix: /^clustershift smoke --help$/ },
    { line: "up --sandbox-fault fire", what: '"fire", Choices: "pod-network"', fix: /^clustershift up --help$/ },
    { line: "permissions", what: "at least 1", fix: /^clustershift permissions --help$/ },
    {
      line: "permissions purple",
      what: '"purple", Choices: "blue", "green"',
      fix: /^clustershift permissions --help$/,
    },
    { line: "permissions blue green", what: "green", fix: /^clustershift permissions --help$/ },
    { line: "sandbox", what: "Say which", fix: /^clustershift sandbox --help$/ },
    { line: "sandbox upp", what: "Did you mean up?", fix: /^clustershift sandbox --help$/ },
    { line: "sandbox add", what: "at least 1", fix: /^clustershift sandbox add --help$/ },
    { line: "sandbox add green", what: "kubernetes", fix: /^clustershift sandbox add --help$/ },
    { line: "sandbox add green --kubernetes 1.2", what: "no Kubernetes 1.2", fix: "1.35.4, 1.24.17" },
    { line: "sandbox up --blue latest", what: "no Kubernetes latest", fix: "1.35.4, 1.24.17" },
    { line: "sandbox up --name ../../etc", what: '"../../etc" can\'t name a sandbox', fix: "--name team-a" },
    { line: "sandbox down --name ..", what: '".." can\'t name a sandbox', fix: "--name team-a" },
    { line: "sandbox remove ../blue", what: '"../blue" can\'t name a cluster', fix: "clustershift sandbox status" },
    { line: "sandbox mend green", what: 'no cluster "green"', fix: /^clustershift sandbox status$/ },
    { line: "sandbox break green", what: 'no cluster "green"', fix: /^clustershift sandbox status$/ },
    { line: "plan --from", what: "from", fix: /^clustershift plan --help$/ },
    { line: "init", what: "Say where blue is", fix: "clustershift init --context CONTEXT" },
  ])("$line", async ({ line, what, fix }) => {
    await expectRefusal(await emptyPlace(), line.split(" ").filter(Boolean), { code: "usage", what, fix });
  });

  it("--output itself", async () => {
    const { code, stdout, stderr } = await (await emptyPlace()).run(["plan", "--output", "xml"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain('Given: "xml", Choices: "text", "json"');
  });

  it("init where there is a configuration already", async () => {
    const place = await configuredPlace();
    await expectRefusal(place, ["init", "--context", "fake"], {
      code: "usage",
      what: "clustershift.yaml is there already",
      fix: "--overwrite",
    });
  });

  it("approve by nobody", async () => {
    const { place } = await placeWithRun();
    await expectRefusal(place, ["approve", "--by", " "], { code: "usage", what: "--by is empty", fix: "--by NAME" });
  });

  it("shows where it was thrown with --debug, and only then", async () => {
    const place = await emptyPlace();
    expect((await place.run(["plan"])).stderr).not.toMatch(/^ {4}at /m);
    expect((await place.run(["plan", "--debug"])).stderr).toMatch(/^ {4}at /m);
  });
});
