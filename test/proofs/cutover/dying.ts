import type { Journal } from "../../../src/model/journal.js";

/** At which of its journal writes a process dies: the first is 0. */
export interface Dies {
  when: "before" | "after";
  write: number;
}

/** A journal whose process kills itself by SIGKILL at one of its writes. */
export function dying(journal: Journal, dies: Dies | undefined): Journal {
  let writes = 0;
  const dieAt = (when: "before" | "after", write: number) => {
    if (dies?.when === when && dies.write === write) process.kill(process.pid, "SIGKILL");
  };
  return {
    entries: () => journal.entries(),
    async append(record) {
      // Several may be under way.
      const write = writes++;
      dieAt("before", write);
      await journal.append(record);
      dieAt("after", write);
    },
  };
}
