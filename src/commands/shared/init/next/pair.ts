/** Who was, who is and who will be: what a new configuration is drawn by. */
export interface Pair {
  /** The finished run's blue, which is gone. */
  gone: { name: string; context: string };
  /** The finished run's green, which serves: the new blue. `version` is a minor. */
  blue: { name: string; context: string; kubeconfig?: string; stack: string; version: string };
  green: { name: string; version: string };
  now: Date;
}
