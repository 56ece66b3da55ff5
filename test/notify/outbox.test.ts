import { describe, expect, it, vi } from "vitest";
import { noticeKinds } from "../../src/model/notice.js";
import { Outbox } from "../../src/notify/outbox.js";
import { openSink } from "../../src/notify/sinks/index.js";
import type { Sink } from "../../src/notify/sinks/sink.js";
import { noticeWith, quickClock } from "./notices.js";
import { answering, type Behaviour, receiver } from "./receiver.js";

async function webhook(
  name: string,
  behave?: Behaviour,
  events = noticeKinds as readonly (typeof noticeKinds)[number][],
) {
  const server = await receiver(behave);
  const edges = { env: { HOOK: server.url }, dir: "/", now: () => 0, timeoutMs: 300 };
  const sink = await openSink({ kind: "webhook", name, events: [...events], url: { env: "HOOK" } }, edges);
  return { ...server, sink, seqs: () => server.received.map(({ body }) => (JSON.parse(body) as { seq: number }).seq) };
}

function outboxOf(sinks: Sink[], clock = quickClock((ms) => ms === drainMs)) {
  const settled: string[] = [];
  const troubles: string[] = [];
  const outbox = new Outbox(sinks, {
    clock,
    random: () => 1,
    onSettled: (sink, { seq }, delivered) =>
      settled.push(`${sink.name} ${seq} ${delivered ? "delivered" : "given up"}`),
    onTrouble: (sink, why) => troubles.push(`${sink.name}: ${why}`),
  });
  return { outbox, settled, troubles, clock };
}

/** The quick clock holds this one, so that a drain ends because everything is through. */
const drainMs = 10_000;
const notices = (count: number) => Array.from({ length: count }, (_, index) => noticeWith({ seq: index + 1 }));

describe("Outbox", () => {
  it("keeps each sink's order through refusals, and tells nothing twice", async () => {
    const shaky = await webhook("shaky", answering(500, 200, 503, 503, 200));
    const { outbox, settled, troubles, clock } = outboxOf([shaky.sink]);
    for (const notice of notices(3)) outbox.send(notice);
    expect(await outbox.drain(drainMs)).toEqual([]);
    expect(shaky.seqs()).toEqual([1, 1, 2, 2, 2, 3]);
    expect(settled).toEqual(["shaky 1 delivered", "shaky 2 delivered", "shaky 3 delivered"]);
    expect(troubles).toEqual(["shaky: it answered 500"]);
    expect(clock.slept.filter((ms) => ms !== drainMs)).toEqual([1_000, 1_000, 2_000]);
  });

  it("gives a notice up after five tries, and goes on with the next", async () => {
    const broken = await webhook("broken", answering(500, 500, 500, 500, 500, 200));
    const { outbox, settled } = outboxOf([broken.sink]);
    for (const notice of notices(2)) outbox.send(notice);
    expect(await outbox.drain(drainMs)).toMatchObject([
      { sink: "broken", why: "it answered 500", notices: [{ seq: 1 }] },
    ]);
    expect(broken.seqs()).toEqual([1, 1, 1, 1, 1, 2]);
    expect(settled).toEqual(["broken 1 given up", "broken 2 delivered"]);
  });

  it("doesn't insist where another try can't help", async () => {
    const gone = await webhook("gone", answering(404));
    const { outbox } = outboxOf([gone.sink]);
    outbox.send(noticeWith());
    expect(await outbox.drain(drainMs)).toMatchObject([{ why: "it answered 404" }]);
    expect(gone.received).toHaveLength(1);
  });

  it.each([
    ["as long as is asked for", "7", 7_000],
    ["but not for ever", "86400", 60_000],
  ])("waits %s", async (_, retryAfter, pause) => {
    const busy = await webhook("busy", (_received, response, number) =>
      number === 0 ? response.writeHead(429, { "retry-after": retryAfter }).end() : response.end(),
    );
    const { outbox, clock } = outboxOf([busy.sink]);
    outbox.send(noticeWith());
    expect(await outbox.drain(drainMs)).toEqual([]);
    expect(clock.slept).toContain(pause);
  });

  it("lets no sink that hangs hold up another, nor who sends", async () => {
    const hanging = await webhook("hanging", () => {});
    const good = await webhook("good");
    const { outbox, settled } = outboxOf(
      [hanging.sink, good.sink],
      quickClock((ms) => ms < drainMs),
    );
    for (const notice of notices(3)) expect(outbox.send(notice)).toBeUndefined();
    await hanging.atLeast(1);
    await vi.waitFor(() => expect(settled).toHaveLength(3));
    expect(good.seqs()).toEqual([1, 2, 3]);
    expect(await outbox.drain(drainMs)).toMatchObject([
      { sink: "hanging", why: "there was no time left", notices: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] },
    ]);
    expect(settled).toEqual(["good 1 delivered", "good 2 delivered", "good 3 delivered"]);
  });

  it("keeps the newest of more than it can hold, and says what it lost", async () => {
    const hanging = await webhook("hanging", () => {});
    const { outbox, settled } = outboxOf(
      [hanging.sink],
      quickClock((ms) => ms < drainMs),
    );
    for (const notice of notices(103)) outbox.send(notice);
    expect(settled).toEqual(["hanging 2 given up", "hanging 3 given up", "hanging 4 given up"]);
    const [left] = await outbox.drain(drainMs);
    expect(left?.notices.map(({ seq }) => seq)).toEqual(notices(103).map(({ seq }) => seq));
  });

  it("tells a sink what it asked for only", async () => {
    const few = await webhook("few", undefined, ["done"]);
    const { outbox } = outboxOf([few.sink]);
    outbox.send(noticeWith({ seq: 1, kind: "start" }));
    outbox.send(noticeWith({ seq: 2, kind: "done" }));
    outbox.send(noticeWith({ seq: 3, kind: "done" }), () => false);
    await outbox.drain(drainMs);
    expect(few.seqs()).toEqual([2]);
  });

  it("is done at once where there is nothing to do", async () => {
    const { outbox } = outboxOf([]);
    outbox.send(noticeWith());
    expect(await outbox.drain(drainMs)).toEqual([]);
  });
});
