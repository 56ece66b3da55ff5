import type { AwsFront, Seen } from "../../../src/sandbox/aws/front.js";

/** Whatever changes something. */
export function isEffect({ request: { action } }: Pick<Seen, "request">): boolean {
  return !/^(Describe|List|Get)/.test(action);
}

/** One effect that the emulator has done: what was asked, without what is another one each time. */
export function effectOf({ request: { action, path }, body }: Seen): string {
  const asked = body.startsWith("<") ? body : new URLSearchParams(body);
  if (typeof asked === "string") return `${action} ${path} ${asked}`;
  // An association gets another id each time that it is made.
  asked.delete("AssociationId");
  asked.sort();
  return `${action} ${asked}`;
}

/** Notes each effect that the emulator does from now on, in its order. `stop` ends it and returns them. */
export function watchEffects(front: AwsFront): { stop(): string[] } {
  const done: string[] = [];
  const observe = (seen: Seen) => {
    if (seen.ending === "done" && isEffect(seen)) done.push(effectOf(seen));
  };
  front.observers.push(observe);
  return {
    stop() {
      front.observers.splice(front.observers.indexOf(observe), 1);
      return done;
    },
  };
}
