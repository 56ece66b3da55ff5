import type { KindApi } from "../../src/aws/cloud/kind.js";
import { type CloudKind, type CloudResource, cloudKinds } from "../../src/model/cloud.js";
import type { Journal } from "../../src/model/journal.js";
import type { Answering } from "../../src/sweep/judge.js";
import type { RemovalEdges } from "../../src/sweep/remove.js";
import { virtualClock } from "../aws/clock.js";
import { memoryJournal } from "../traffic/world.js";
import { blue, protections } from "./resources.js";

/** An account in memory: what is there, what was removed, and what goes wrong. */
export interface Cloudlet {
  there: Map<string, CloudResource>;
  removed: string[];
  /** By id: what removing it throws. */
  refuses: Map<string, Error>;
  /** What listing a kind throws. */
  unseen: Map<CloudKind, Error>;
  answering: Answering[];
  edges: RemovalEdges & { journal: Journal };
}

export function cloudlet(...resources: CloudResource[]): Cloudlet {
  const there = new Map(resources.map((each) => [each.id, each]));
  const [removed, refuses]: [string[], Map<string, Error>] = [[], new Map()];
  const unseen = new Map<CloudKind, Error>();
  const answering: Answering[] = [];
  const kind = (name: CloudKind): KindApi => ({
    wholeList: true,
    async list() {
      const error = unseen.get(name);
      if (error) throw error;
      return [...there.values()].filter((each) => each.kind === name);
    },
    read: async (id) => there.get(id),
    async remove(id) {
      const error = refuses.get(id);
      if (error) throw error;
      removed.push(id);
      there.delete(id);
    },
  });
  const kinds = Object.fromEntries(cloudKinds.map((name) => [name, kind(name)])) as Record<CloudKind, KindApi>;
  const edges: RemovalEdges = {
    kinds: {
      ...kinds,
      record: { ...kinds.record, answering: async () => answering },
      "security-group": {
        ...kinds["security-group"],
        async unlink(id, others) {
          removed.push(`rules of ${id}`);
          for (const other of others) {
            const group = there.get(other);
            if (group) there.set(other, { ...group, users: group.users.filter((user) => user.id !== id) });
          }
        },
      },
    },
    blue,
    protections: async () => protections(),
    journal: memoryJournal(),
    clock: virtualClock(),
  };
  return { there, removed, refuses, unseen, answering, edges };
}
