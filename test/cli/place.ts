import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { expect } from "vitest";
import { stringify } from "yaml";
import type { Context } from "../../src/commands/shared/command.js";
import { openProject } from "../../src/commands/shared/project.js";
import { type ExitCodeName, exitCodes } from "../../src/model/exit-codes.js";
import type { RunFolder } from "../../src/run/run-folder.js";
import { Workplace } from "../harness/clustershift.js";
import { temporaryFolder } from "../kube/fake-server.js";
import { now } from "../run/evidence.js";
import { writeSoundRun } from "./sound-run.js";

/** A folder of somebody who has done nothing yet: no configuration, and no kubeconfig anywhere. */
export async function emptyPlace(): Promise<Workplace> {
  const dir = await temporaryFolder();
  await mkdir(join(dir, "work"));
  return new Workplace(join(dir, "work"), { PATH: "", HOME: dir, XDG_STATE_HOME: join(dir, "state") });
}

/** The same with a configuration. `kubeconfig` is blue's, `changes` are laid over the top level. */
export async function configuredPlace(kubeconfig = "kubeconfig.yaml", changes: object = {}): Promise<Workplace> {
  const place = await emptyPlace();
  const config = {
    apiVersion: "clustershift.dev/v1",
    environment: "acme production",
    blue: { name: "blue.acme.example", context: "fake", kubeconfig, teardown: { command: ["true"] } },
    green: { name: "acme-1-35", version: "1.35", stack: { kind: "sandbox", sandbox: "none" } },
    aws: { region: "eu-central-1", endpoint: "http://127.0.0.1:9" },
    smoke: { checks: [{ kind: "workloads", name: "app answers" }] },
    ...changes,
  };
  await writeFile(join(place.dir, "clustershift.yaml"), stringify(config));
  return place;
}

/** A place with a run in which everything that a cutover asks for is sound: what a test spoils is all that is wrong. */
export async function placeWithRun(changes: object = {}): Promise<{ place: Workplace; run: RunFolder }> {
  // Green of this run never stood: no copy of its record can be kept there.
  const place = await configuredPlace("kubeconfig.yaml", { record: { green: false }, ...changes });
  place.ahead = now - Date.now();
  const run = await writeSoundRun(place.dir, await configHashOf(place));
  return { place, run };
}

/** The hash that binds a plan to the place's configuration as it is now. */
export async function configHashOf({ dir }: Workplace): Promise<string> {
  const context = { args: { config: "clustershift.yaml" }, edges: { cwd: dir } } as Context;
  return (await openProject(context)).configHash;
}

/** What is expected of a refusal: its code, what its message says of the place, and what its advice says. */
export interface Expected {
  code: ExitCodeName;
  what: string | RegExp;
  fix: string | RegExp;
}

/**
 * Runs a command line as text and as JSON, and expects the same refusal both times: its exit code, its place, its advice, no
 * stack trace, and nothing written.
 */
export async function expectRefusal(place: Workplace, argv: readonly string[], expected: Expected): Promise<void> {
  const before = await listing(place);
  const { code, exitCode } = { code: expected.code, exitCode: exitCodes[expected.code].code };
  const text = await place.run(argv);
  const [, name, what, fix] = /^error \((\S+)\): ([\s\S]*)\n {2}-> (.*)\n$/.exec(text.stderr) ?? [];
  const said = { code: text.code, stdout: text.stdout, name, what, fix, all: text.stderr };
  expect(said).toEqual({
    code: exitCode,
    stdout: "",
    name: code,
    what: matching(expected.what),
    fix: matching(expected.fix),
    all: expect.not.stringMatching(/^ {4}at |undefined|\[object/m),
  });

  const json = await place.json(...argv);
  expect({ exit: json.code, ...json.json }).toEqual({
    exit: exitCode,
    outcome: code,
    error: { code, exitCode, what: matching(expected.what), fix: matching(expected.fix) },
  });
  expect(await listing(place)).toEqual(before);
}

const matching = (words: string | RegExp) =>
  typeof words === "string" ? expect.stringContaining(words) : expect.stringMatching(words);

/** Every file that the place and its home hold, with a sum of its content. */
async function listing({ dir }: Workplace): Promise<string[]> {
  const home = join(dir, "..");
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const sum = entry.isFile()
      ? createHash("sha256")
          .update(await readFile(path))
          .digest("hex")
      : "folder";
    return `${relative(home, path)} ${sum}`;
  });
  return (await Promise.all(lines)).sort();
}

/** Copies a fixture to be the place's configuration. */
export async function useConfiguration(place: Workplace, fixture: string): Promise<void> {
  await cp(fixture, join(place.dir, "clustershift.yaml"));
}
