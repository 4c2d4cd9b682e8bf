import { hash } from 'node:crypto';
import type { ServedSystem } from '../job-service/served-system.ts';
import type { JobFilter } from '../jobs/filter.ts';
import type { Job } from '../jobs/job.ts';
import { pairResults } from '../jobs/pair-results.ts';
import { toCursorBinding } from '../listing/cursor.ts';
import { type FirstRows, isBehind, jobsOf } from '../listing/first-rows.ts';
import type { SortOrder } from '../reading/order.ts';
import { fingerprintOf } from './fingerprint.ts';

/** Why a job left a list. */
export type LeftReason = 'NO_LONGER_MATCHES' | 'PUSHED_OUT' | 'GONE';

/** The first jobs of one system's list, as last read. */
export interface ListObservation {
  rows: FirstRows;
  /** Why jobs left that didn't have to make room for others, by job ID. */
  departed: ReadonlyMap<string, Exclude<LeftReason, 'PUSHED_OUT'>>;
}

/** A list of one system, polled for live lists. */
export interface PolledList {
  system: ServedSystem;
  filter: JobFilter;
  order: SortOrder;
  /** The callers' own credential; null: the system's configured one. */
  credential: string | null;
}

/** Equal for lists that one read serves. Doesn't reveal the credential. */
export function keyOfList({ system, filter, order, credential }: PolledList): string {
  const meaning = toCursorBinding({ ...filter, systemIds: null, vendors: null }, order);
  return [system.id, meaning, credential === null ? '' : hash('sha256', credential)].join(' ');
}

const fingerprints = new WeakMap<Job, string>();

/** Equal for two copies of a job that show no change. */
export function stateOf(job: Job): string {
  const known = fingerprints.get(job) ?? `${fingerprintOf({ kind: 'job', job })} ${job.name}`;
  fingerprints.set(job, known);
  return known;
}

/** Whether two reads of a list have the same jobs in the same states. */
export function isSameList(a: FirstRows, b: FirstRows): boolean {
  return a.rows.length === b.rows.length && pairResults(jobsOf(a), jobsOf(b)).every(([job, other]) => isSameState(job, other));
}

function isSameState(job: Job, other: Job): boolean {
  return job.id === other.id && stateOf(job) === stateOf(other);
}

/** The jobs that left without being pushed out: they come before the last job of a full list, or the list isn't full. */
export function findDepartures(before: FirstRows, after: FirstRows, { order, first }: { order: SortOrder; first: number }): Job[] {
  const jobs = jobsOf(after);
  const left = new Set(jobs.map(({ id }) => id));
  const last = jobs.length >= first ? jobs.at(-1) : undefined;
  return jobsOf(before).filter((job) => !left.has(job.id) && !(last && isBehind(job, last, order)));
}
