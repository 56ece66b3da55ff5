import { createServer } from "node:http";
import { expect, it } from "vitest";
import { FileJournal, readJournal } from "../../src/run/journal.js";
import { now, shiftDone } from "../run/evidence.js";
import { listening } from "../smoke/servers.js";
import { placeWithRun } from "./place.js";

it("measures blue until it is quiet, and teardown's gate asks for it", async () => {
  let hits = 0;
  const port = await listening(
    createServer((_, response) => void response.end(`hits{client="10.0.0.7"} ${hits++ < 8 ? hits : 8}\n`)),
  );
  const source = {
    kind: "counter",
    name: "edge",
    url: `http://127.0.0.1:${port}/`,
    metric: "hits",
    who: "client",
    over: "1ms",
  };
  const { place, run } = await placeWithRun({
    traffic: { leftover: { sources: [source], every: "5s", quietFor: "0s" } },
    soak: "0s",
  });
  const journal = await FileJournal.open(run.journalPath, () => new Date(now));
  await journal.append(shiftDone);
  await journal.close();
  const entries = (await readJournal(run.journalPath)).length;
  const refusal = { json: { error: { code: "blue-still-serves" } } };
  const teardown = ["teardown", "--confirm", "blue.acme.example"] as const;

  expect(await place.run(["leftover", "--dry-run"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("edge (requests)"),
  });
  expect(hits).toBe(0);
  expect(await place.json(...teardown)).toMatchObject({ code: 62, ...refusal });
  const first = await place.run(["leftover"]);
  expect(first).toMatchObject({
    code: 63,
    stdout: expect.stringMatching(/some +edge +counter +1 requests, 0 allowed: 10\.0\.0\.7 \(1\)/),
  });
  expect(await place.json(...teardown)).toMatchObject({
    code: 62,
    json: { error: { code: "blue-still-serves", what: expect.stringContaining("10.0.0.7 (1)") } },
  });
  hits = 9;
  expect(await place.json("leftover", "--until-zero")).toMatchObject({
    code: 0,
    json: { report: { outcome: "quiet" }, enough: true },
  });
  const events = (await readJournal(run.journalPath)).slice(entries).map((entry) => "event" in entry && entry.event);
  expect(events).toEqual(["leftover-some", "leftover-quiet"]);
  // The gate holds now: what refuses comes after it.
  const after = await place.json<{ error: { code: string } }>(...teardown);
  expect(after.json.error.code).not.toBe("blue-still-serves");
  const report = await place.json<{ sections: { title: string }[] }>("report");
  expect(report.json.sections.map(({ title }) => title)).toContain("Who still talks to blue");
});

it("gives up after --timeout, and says what is missing where nothing is configured", async () => {
  const source = { kind: "command", name: "who", run: [process.execPath, "-e", "console.log('a 1')"] };
  const { place } = await placeWithRun({ traffic: { leftover: { sources: [source], every: "1ms" } } });
  expect(await place.run(["leftover", "--until-zero", "--timeout", "0s"])).toMatchObject({ code: 63 });
  expect(await place.run(["leftover", "--timeout", "soon"])).toMatchObject({ code: 2 });
  const { place: bare } = await placeWithRun();
  expect(await bare.run(["leftover"])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("traffic.leftover.sources is empty"),
  });
});
