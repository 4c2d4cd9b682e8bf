import DataLoader from 'dataloader';
import type { CallContext } from '../jobs/adapter.ts';
import type { Job } from '../jobs/job.ts';
import { formatJobId } from '../jobs/job-id.ts';
import { entryOf, pairResults } from '../jobs/pair-results.ts';
import { asReadProblem, jobNotFound, type Problem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/job-read.ts';
import type { JobLocator } from './locate-job.ts';
import type { ServedSystem } from './served-system.ts';

/** A lookup of a job by ID: the job, or why there is none. */
export type JobLookup =
  | { kind: 'job'; job: Job }
  | { kind: 'notFound'; problem: Problem }
  /** The job's system is known, but the job could not be read. */
  | { kind: 'problem'; problem: Problem; system: ServedSystem };

/** The lookup of one of several IDs. */
export interface LoadedJob {
  id: string;
  lookup: JobLookup;
}

/** Resolves jobs by ID for one operation: each once, and those of one tick together. */
export interface JobLookups {
  /** Never rejects because of a vendor's failure or an invalid ID. */
  load(id: string): Promise<JobLookup>;
  /** One result per ID, in order. */
  loadAll(ids: readonly string[]): Promise<LoadedJob[]>;
  /** Call it after an action, which makes earlier reads of the job obsolete. `job`: a copy that shows the outcome; null: the job is read again. */
  replace(id: string, job: Job | null): void;
}

type Lookups = Map<string, JobLookup>;

export function createJobLookups({ locateReadable }: JobLocator, callTo: (system: ServedSystem) => CallContext): JobLookups {
  const replaced = new Map<string, Job>();
  // By lists of IDs: one promise for each of hundreds of IDs would cost as much as creating the jobs.
  const lists = new DataLoader<readonly string[], Lookups>(
    async (requested) => {
      const lookups: Lookups = new Map();
      const wanted = sortIds(requested, replaced, locateReadable, lookups);
      await Promise.all(Array.from(wanted, ([system, vendorIds]) => readOf(system, vendorIds, callTo(system), lookups)));
      return requested.map(() => lookups);
    },
    { cache: false },
  );
  // The lookup of each job, so that an operation resolves it once.
  const known = new Map<string, Promise<Lookups>>();

  const start = (ids: readonly string[]): void => {
    const missing = ids.filter((id) => !known.has(id));
    if (missing.length === 0) return;
    const lookups = lists.load(missing);
    for (const id of missing) known.set(id, lookups);
  };

  return {
    async load(id) {
      start([id]);
      return entryOf(await entryOf(known, id), id);
    },
    async loadAll(ids) {
      start(ids);
      const pending = ids.map((id) => ({ id, lookups: entryOf(known, id) }));
      const distinct = new Set(pending.map(({ lookups }) => lookups));
      const resolved = new Map(await Promise.all(Array.from(distinct, async (lookups) => [lookups, await lookups] as const)));
      return pending.map(({ id, lookups }) => ({ id, lookup: entryOf(entryOf(resolved, lookups), id) }));
    },
    replace(id, job) {
      known.delete(id);
      if (job) replaced.set(id, job);
      else replaced.delete(id);
    },
  };
}

/** The jobs that must be read, by system. Adds the results of the others to `lookups`. */
function sortIds(
  requested: readonly (readonly string[])[],
  replaced: ReadonlyMap<string, Job>,
  locateReadable: JobLocator['locateReadable'],
  lookups: Lookups,
): Map<ServedSystem, string[]> {
  const wanted = new Map<ServedSystem, string[]>();
  for (const id of new Set(requested.flat())) {
    const copy = replaced.get(id);
    if (copy) {
      lookups.set(id, { kind: 'job', job: copy });
      continue;
    }
    const located = locateReadable(id);
    if (located.kind === 'readable') append(wanted, located.system, located.vendorId);
    else lookups.set(id, located);
  }
  return wanted;
}

async function readOf(system: ServedSystem, vendorIds: readonly string[], call: CallContext, lookups: Lookups): Promise<void> {
  for (const [vendorId, read] of pairResults(vendorIds, await system.reader.read(vendorIds, call))) {
    lookups.set(formatJobId({ systemId: system.id, vendorId }), toLookup(read, system));
  }
}

export function toLookup(read: JobRead, system: ServedSystem): JobLookup {
  if (read.kind === 'notFound') return { kind: 'notFound', problem: jobNotFound(system.id) };
  return read.kind === 'problem' ? { kind: 'problem', problem: asReadProblem(read.problem), system } : read;
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
