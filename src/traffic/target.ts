/**
 * Something that decides who gets traffic, as one story moves them all. `State` is what the journal records: plain JSON,
 * whole, and enough to come back by.
 */
export interface TrafficTarget<State = unknown> {
  /** `route53:Z1`, `elastic-ip:eipalloc-1`: its name in journals and reports. */
  readonly key: string;
  /** As it is now. */
  observe(): Promise<State>;
  /** Equal in everything that can be written back. */
  same(a: State, b: State): boolean;
  /** One line for each part, for people. */
  describe(state: State): string[];
  /**
   * The effect, in one call that is done whole or not at all. The caller has just seen `from`. Returns the change's id,
   * where there is one to wait for.
   */
  move(from: State, to: State, comment: string): Promise<string | undefined>;
  /**
   * Waits until the world acts by `to`, and returns the state that is then seen: another one was changed meanwhile. Without
   * a change id (it was lost in a crash, or with an answer) it waits as long as it usually takes.
   */
  settle(to: State, changeId: string | undefined, signal?: AbortSignal): Promise<State>;
}
