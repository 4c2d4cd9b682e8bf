import type { KineticaJob } from './job.ts';

/** The jobs of the cluster, in the order they were added. */
export interface Jobs {
  /** Throws if the ID is taken. */
  add(job: KineticaJob): void;
  get(id: string): KineticaJob | undefined;
  /** The last job with this tag. */
  getByTag(tag: string): KineticaJob | undefined;
  all(): Iterable<KineticaJob>;
  /** Does nothing if there is no such job. */
  remove(id: string): void;
  /** Removes the oldest ended jobs beyond this number. */
  dropEnded(keptCount: number): void;
}

export function createJobs(): Jobs {
  const jobs = new Map<string, KineticaJob>();
  const idsByTag = new Map<string, string>();

  function remove(id: string): void {
    const job = jobs.get(id);
    if (!job) return;
    jobs.delete(id);
    if (idsByTag.get(job.tag) === id) idsByTag.delete(job.tag);
  }

  return {
    add(job) {
      if (jobs.has(job.id)) throw new RangeError(`A job with the ID ${job.id} already exists`);
      jobs.set(job.id, job);
      if (job.tag !== '') idsByTag.set(job.tag, job.id);
    },
    get: (id) => jobs.get(id),
    getByTag: (tag) => jobs.get(idsByTag.get(tag) ?? ''),
    all: () => jobs.values(),
    remove,
    dropEnded(keptCount) {
      const ended = [...jobs.values()].filter((job) => !job.running);
      for (const job of ended.slice(0, Math.max(0, ended.length - keptCount))) remove(job.id);
    },
  };
}
