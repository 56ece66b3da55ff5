import { isNameServer } from "../host/name-servers.js";
import { parseDuration } from "../model/duration.js";
import { UserError } from "../model/errors.js";
import { watchLines } from "../report/watch/watch-view.js";
import type { Command, Context } from "./shared/command.js";
import { openProject } from "./shared/project.js";
import { type Display, jsonDisplay, plainDisplay, screenDisplay } from "./shared/watch/displays.js";
import { openLookouts, type WatchOptions } from "./shared/watch/lookouts.js";

/** Milliseconds that the first look may take before there is something to see. */
const patienceMs = 15_000;

export const watchCommand: Command = {
  name: "watch",
  summary: "Watch a cutover: weights, answers, checks, errors, the time that is left.",
  description:
    "Shows the run as its journal grows, and beside it the world: the weights of records and load balancers, where Elastic IPs are, which colour's answers the DNS gives, and both clusters' health. On a terminal it redraws in place until Ctrl-C; piped, it prints a line whenever something is otherwise; with --output json, one object a line. From another machine it reads the copy of the record in the bucket or in green, and needs the configuration and credentials only. Takes no lock and writes nothing; what can't be read is shown as such. Looks at Route 53 every 5 seconds at most, one listing a zone, since a running cutover needs the account's rate.",
  options: {
    interval: { type: "string", default: "2s", describe: "How often the journal is read and the view is drawn." },
    once: { type: "boolean", default: false, describe: "Look at everything once, print it, and end." },
    queries: {
      type: "string",
      default: "10",
      describe: "DNS queries for each name at a time, 0 to 100; 0 asks for none.",
    },
    resolver: {
      type: "string",
      describe:
        "The name server to ask, ADDRESS or ADDRESS:PORT. Default: the zone's own, whose answers nobody has kept.",
    },
  },
  examples: [
    { command: "clustershift watch", what: "" },
    { command: "clustershift watch --once --output json", what: "one look, for programs" },
    { command: "clustershift watch --interval 10s --resolver 10.0.0.2", what: "as a private zone's VPC sees it" },
  ],
  async run(args, context) {
    const options = optionsOf(args);
    const project = await openProject(context);
    const stop = new AbortController();
    const signal = AbortSignal.any([context.edges.signal, stop.signal]);
    // Whoever reads along may have gone: `watch | head`.
    const gone = () => stop.abort();
    context.edges.stdout.once("error", gone);
    const lookouts = await openLookouts(project, context, options, signal);
    try {
      const waited = context.edges.sleep(patienceMs, signal).catch(() => undefined);
      if (args.once) {
        await Promise.race([lookouts.first, waited]);
        const snapshot = lookouts.snapshot();
        const { columns = 120 } = context.edges.screen?.size() ?? {};
        const lines = watchLines(snapshot, { columns, rows: Number.POSITIVE_INFINITY });
        return { code: "ok", json: { ...snapshot }, text: lines.join("\n") };
      }
      const display = displayOf(context);
      try {
        // On a terminal there is something to see at once; who reads lines gets whole ones only.
        if (!context.edges.screen) await Promise.race([lookouts.first, waited]);
        while (!signal.aborted) {
          display.show(lookouts.snapshot());
          await context.edges.sleep(options.intervalMs, signal).catch(() => undefined);
        }
      } finally {
        display.end();
      }
      return { code: "ok", json: undefined, text: "" };
    } finally {
      stop.abort();
      context.edges.stdout.off("error", gone);
      await lookouts.close();
    }
  },
};

function displayOf({ args, edges }: Context): Display {
  if (args.output === "json") return jsonDisplay(edges);
  return edges.screen ? screenDisplay(edges, edges.screen) : plainDisplay(edges);
}

function optionsOf({ interval, queries, resolver }: Record<string, unknown>): WatchOptions {
  const intervalMs = parseDuration(String(interval));
  if (intervalMs === undefined || intervalMs < 100)
    throw wrong(`--interval ${String(interval)} is no duration of 100ms or more.`, "--interval 5s");
  const count = Number(queries);
  if (!Number.isInteger(count) || count < 0 || count > 100)
    throw wrong(`--queries ${String(queries)} is no whole number from 0 to 100.`, "--queries 20");
  if (resolver !== undefined && !isNameServer(String(resolver)))
    throw wrong(`--resolver ${String(resolver)} is no address of a name server.`, "--resolver 192.0.2.53:53");
  return { intervalMs, queries: count, resolver: resolver === undefined ? undefined : String(resolver) };
}

function wrong(what: string, example: string): UserError {
  return new UserError({ code: "usage", what, fix: `Write for example clustershift watch ${example}` });
}
