/** Who holds a run. */
export interface LockOwner {
  user: string;
  host: string;
  pid: number;
  /** See ProcessIdentity; empty where the system didn't say: then only a person can tell that the holder is dead. */
  startTime: string;
  command: string;
  since: string;
  token: string;
}

/** `jo on ops-1 (pid 4711) runs `cutover` since 2026-…`, for people. */
export function describeOwner({ user, host, pid, command, since }: LockOwner): string {
  return `${user} on ${host} (pid ${pid}) runs \`${command}\` since ${since}`;
}
