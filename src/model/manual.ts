/** Something beyond any API that decides who gets traffic: a partner's allow-list, somebody else's DNS. A person moves it. */
export interface ManualTarget {
  kind: "manual";
  /** Unique, short: `partner allow-list`. */
  name: string;
  /** What a person does so that it leads to green. */
  green: string;
  /** What she does so that it leads to blue again. */
  blue: string;
}
