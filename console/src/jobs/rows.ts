import { useSyncExternalStore } from 'react';
import type { JobRowFragment, ProgressTextFragment } from '../api/generated/graphql.ts';

/** A job of the list, with what the console learned about it. */
export interface Entry {
  job: JobRowFragment;
  progress: ProgressTextFragment | null;
  failureMessage: string | null;
  /** What came of the caller's last action, until the job changes. */
  note: { tone: string; text: string } | null;
  /** The list no longer has it. It stays where it is until the list is updated. */
  noLongerMatches: boolean;
  /** When its status last changed while it was shown, in epoch milliseconds. */
  changedAtMs: number | null;
}

/** Jobs by ID. A change reaches only the row that shows the job. */
export interface Rows {
  get(id: string): Entry | undefined;
  /** Takes the job as it stands now. */
  put(job: JobRowFragment): void;
  change(id: string, change: Partial<Omit<Entry, 'job'>>): void;
  subscribe(id: string, onChange: () => void): () => void;
  /** Forgets all others. */
  keepOnly(ids: Iterable<string>): void;
}

export function createRows(): Rows {
  const entries = new Map<string, Entry>();
  const followers = new Map<string, Set<() => void>>();
  const set = (id: string, entry: Entry): void => {
    entries.set(id, entry);
    for (const follower of followers.get(id) ?? []) follower();
  };
  return {
    get: (id) => entries.get(id),
    put(job) {
      const known = entries.get(job.id);
      if (!known) return set(job.id, toEntry(job));
      if (isOlder(job, known.job)) return;
      if (job.status === 'UNKNOWN' && job.problem !== null) return set(job.id, withProblem(known, job));
      const isChanged = job.status !== known.job.status;
      set(job.id, {
        ...known,
        job,
        ...(isChanged && { progress: null, failureMessage: null, note: null, changedAtMs: Date.now() }),
      });
    },
    change(id, change) {
      const known = entries.get(id);
      if (known) set(id, { ...known, ...change });
    },
    subscribe(id, onChange) {
      const known = followers.get(id) ?? new Set();
      followers.set(id, known.add(onChange));
      return () => {
        known.delete(onChange);
        if (known.size === 0) followers.delete(id);
      };
    },
    keepOnly(ids) {
      const kept = new Set(ids);
      for (const id of entries.keys()) if (!kept.has(id)) entries.delete(id);
    },
  };
}

export function useEntry(rows: Rows, id: string): Entry | undefined {
  return useSyncExternalStore(
    (onChange) => rows.subscribe(id, onChange),
    () => rows.get(id),
  );
}

function toEntry(job: JobRowFragment): Entry {
  return { job, progress: null, failureMessage: null, note: null, noLongerMatches: false, changedAtMs: null };
}

/** A job that can't be read has no fields: the row keeps those that it has. */
function withProblem(known: Entry, { problem }: JobRowFragment): Entry {
  if (problem?.code === 'JOB_NOT_FOUND') return { ...known, noLongerMatches: true, note: { tone: 'neutral', text: 'no longer listed' } };
  return { ...known, job: { ...known.job, problem, stale: true } };
}

/** A page that was read before a change arrived must not undo it. */
function isOlder(job: JobRowFragment, known: JobRowFragment): boolean {
  return Date.parse(job.observedAt) < Date.parse(known.observedAt);
}
