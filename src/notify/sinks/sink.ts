import type { NoticeKind } from "../../model/notice.js";
import type { Notice } from "../notice.js";

/** Somebody who is told. */
export interface Sink {
  /** As the configuration calls it: all that warnings say of it. */
  name: string;
  events: ReadonlySet<NoticeKind>;
  /** One try. Never throws, and ends soon after the signal is aborted. */
  deliver(notice: Notice, signal: AbortSignal): Promise<Delivery>;
}

export type Delivery =
  | { outcome: "delivered" }
  | {
      outcome: "refused";
      /** For people; no address and no answer's body, since either may hold a secret. */
      why: string;
      /** Another try may help. */
      again: boolean;
      /** The least pause before it that was asked for, milliseconds. */
      afterMs?: number;
    };
