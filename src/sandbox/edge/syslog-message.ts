/** The MSGID of an RFC 5424 message: `<PRI>VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID …`; undefined if it has none. */
export function messageId(message: string): string | undefined {
  const id = /^<\d{1,3}>[1-9]\d{0,2} \S+ \S+ \S+ \S+ (\S+)( |$)/.exec(message)?.[1];
  return id === "-" ? undefined : id;
}

/** Longer than any sensible message: a stream that has no frame within this isn't syslog. In bytes. */
const LONGEST_FRAME = 64 * 1024;

/**
 * Takes the messages out of a TCP stream. Both framings of RFC 6587: octet counting (`11 <34>1 …`) where a frame begins
 * with a digit, else a newline after each message. What's incomplete stays in `rest`; undefined where it's neither.
 */
export function unframe(stream: Buffer): { messages: string[]; rest: Buffer } | undefined {
  const messages: string[] = [];
  let rest = stream;
  while (rest.length > 0) {
    const frame = rest[0] === 0x3c ? newlineFrame(rest) : countedFrame(rest);
    if (frame === "invalid") return undefined;
    if (frame === "incomplete") return rest.length > LONGEST_FRAME ? undefined : { messages, rest };
    messages.push(rest.subarray(frame.start, frame.end).toString().trimEnd());
    rest = rest.subarray(frame.next);
  }
  return { messages, rest };
}

type Frame = { start: number; end: number; next: number } | "incomplete" | "invalid";

function newlineFrame(stream: Buffer): Frame {
  const end = stream.indexOf("\n");
  return end < 0 ? "incomplete" : { start: 0, end, next: end + 1 };
}

function countedFrame(stream: Buffer): Frame {
  const [whole, digits, space] = /^([1-9]\d{0,4})( ?)/.exec(stream.subarray(0, 6).toString("latin1")) ?? [];
  if (!whole || !digits) return "invalid";
  if (!space) return stream.length > digits.length ? "invalid" : "incomplete";
  const end = whole.length + Number(digits);
  return stream.length < end ? "incomplete" : { start: whole.length, end, next: end };
}
