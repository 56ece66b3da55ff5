/** A situation that is made; undefined `refused` where it is safe, and must be executed. */
export interface Situation<Scene> {
  /** For whoever must find it again. */
  what: string;
  refused?: { code: string; says: RegExp };
  make(scene: Scene): Promise<void> | void;
}

/** Situations of one kind: the generator gives unsafe ones, and by chance safe ones that differ by little. */
export interface Family<Scene> {
  name: string;
  situation(random: Random, safe: boolean): Situation<Scene>;
}

/** Dice of a seed. */
export interface Random {
  /** A whole number from `least` to `most`, both among them. */
  between(least: number, most: number): number;
  pick<T>(of: readonly T[]): T;
}

export function dice(random: () => number): Random {
  return {
    between: (least, most) => least + Math.floor(random() * (most - least + 1)),
    pick: <T>(of: readonly T[]) => of[Math.floor(random() * of.length)] as T,
  };
}

/** How one ended. */
export interface Ending {
  /** `done`, or the name of the refusal. */
  code: string;
  what: string;
  /** Effects that the proxy saw from the unsafe moment on. */
  effects: number;
  /** The world is as it was at the unsafe moment. */
  untouched: boolean;
}
