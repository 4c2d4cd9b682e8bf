import type { Vendor } from './vendors.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A word of a job from a moment on; null: there is no such job. */
export interface Turn {
  fromMs: number;
  word: string | null;
}

/** How the jobs of a world truly stood, from its beginning on. */
export interface History {
  /** Reads a vendor's jobs. Call it whenever they may have changed. */
  observe(systemId: string): void;
  /** All words that the job had at any moment from `fromMs` to `toMs`. */
  words(jobId: string, fromMs: number, toMs: number): (string | null)[];
  /** The last word, and since when. */
  last(jobId: string): Turn;
  /** Whether there ever was such a job. */
  hasJob(jobId: string): boolean;
  jobIds(): Iterable<string>;
}

export function createHistory(time: VirtualTime, vendors: ReadonlyMap<string, Vendor>): History {
  const turns = new Map<string, Turn[]>();
  const known = new Map<string, Map<string, string>>();

  const turn = (jobId: string, word: string | null): void => {
    const ofJob = turns.get(jobId) ?? [];
    turns.set(jobId, ofJob);
    ofJob.push({ fromMs: time.nowMs(), word });
  };

  return {
    observe(systemId) {
      const before = known.get(systemId) ?? new Map<string, string>();
      const now = vendors.get(systemId)?.words() ?? new Map<string, string>();
      for (const [id, word] of now) if (before.get(id) !== word) turn(`${systemId}:${id}`, word);
      for (const id of before.keys()) if (!now.has(id)) turn(`${systemId}:${id}`, null);
      known.set(systemId, now);
    },
    words(jobId, fromMs, toMs) {
      const ofJob = turns.get(jobId) ?? [];
      const words = ofJob.filter(({ fromMs: at }, index) => at <= toMs && (ofJob[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY) >= fromMs);
      // Before it was added.
      const isOlder = (ofJob[0]?.fromMs ?? Number.POSITIVE_INFINITY) > fromMs;
      return [...(isOlder ? [null] : []), ...words.map(({ word }) => word)];
    },
    last: (jobId) => turns.get(jobId)?.at(-1) ?? { fromMs: 0, word: null },
    hasJob: (jobId) => turns.has(jobId),
    jobIds: () => turns.keys(),
  };
}
