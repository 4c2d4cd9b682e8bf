import { durationOf, type Job, waitTimeOf } from './job.ts';
import { lastModifiedOf } from './steps.ts';
import type { KylinSwitches } from './switches.ts';

export type SortKey = (job: Readonly<Job>, nowMs: number) => number | string;

/** Undefined: Kylin can't sort by this. */
export function createSortKey(sortBy: string, { timeOrder }: KylinSwitches): SortKey | undefined {
  const sortKey = sortKeys.get(sortBy);
  const isCoarse = timeOrder === 'seconds' && (sortBy === 'create_time' || sortBy === 'last_modified');
  return sortKey && isCoarse ? (job, nowMs) => Math.floor(Number(sortKey(job, nowMs)) / 1000) : sortKey;
}

/** The order of rows with equal sort keys: the database may use another one for each page. */
export function createTieKey(pageOffset: number, pageSize: number, { ties }: KylinSwitches): (job: Readonly<Job>) => number {
  if (ties === 'stable') return () => 0;
  const salt = Math.imul(pageOffset + 1, 0x9e3779b1) ^ Math.imul(pageSize + 1, 0x85ebca6b);
  return ({ row }) => {
    const mixed = Math.imul(row ^ salt, 0xc2b2ae35);
    return Math.imul(mixed ^ (mixed >>> 15), 0x27d4eb2f) >>> 0;
  };
}

const sortKeys = new Map<string, SortKey>([
  ['last_modified', lastModifiedOf],
  ['create_time', (job) => job.createTime],
  ['project', (job) => job.project],
  ['job_name', (job) => job.type],
  // Kylin sorts by the column with the model's ID, not its name.
  ['target_subject', (job) => job.model],
  ['job_status', (job) => job.state],
  ['id', (job) => job.id],
  ['duration', storedDuration],
  ['total_duration', storedDuration],
]);

/** The database has a running job's duration as of its last change. */
function storedDuration(job: Readonly<Job>, nowMs: number): number {
  return durationOf(job, job.state === 'RUNNING' ? lastModifiedOf(job, nowMs) : nowMs);
}

/** The rows of one page are put in order once more, by the durations of this moment. */
export function sortByLiveDuration(page: Readonly<Job>[], sortBy: string, descending: boolean, nowMs: number): void {
  if (sortBy !== 'duration' && sortBy !== 'total_duration') return;
  const live = (job: Readonly<Job>): number => durationOf(job, nowMs) + (sortBy === 'total_duration' ? waitTimeOf(job, nowMs) : 0);
  page.sort((a, b) => (live(a) - live(b)) * (descending ? -1 : 1));
}

export function compareKeys(a: number | string, b: number | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
