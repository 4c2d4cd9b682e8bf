import type { Clock } from '../concurrency/clock.ts';
import { chunk, mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { ServedSystem } from '../job-service/served-system.ts';
import { pairResults } from '../jobs/pair-results.ts';
import type { JobRead } from '../reading/job-read.ts';
import { maxIntervalMs } from './read-schedule.ts';
import { type Batch, onlyCallerOf, type WatchedJob } from './watched-job.ts';

export interface BatchReading {
  system: ServedSystem;
  credential: string | null;
  clock: Clock;
  /** Whether the job still has a watcher. */
  isWatched(job: WatchedJob): boolean;
  /** Called for each job that is still being read in this batch. */
  onResult(job: WatchedJob, read: JobRead): void;
  /** Called after each request. Jobs that it should have read may be due later. */
  onRead(): void;
  onBug(error: unknown): void;
}

/** The caller that reads for several callers count toward. */
export const sharedCaller = 'live updates';

/** Reads the jobs of a batch, in as few requests as the vendor needs. */
export function readBatch(batch: Batch, reading: BatchReading): void {
  const { maxBatchSize, scanFrom } = reading.system.adapter.reads;
  const due = batch.jobs;
  // The reader decides whether to scan the lists instead.
  if (scanFrom !== null && due.length >= scanFrom) readParts(batch, [due], sharedCaller, reading);
  // One call per request, so that a request that hangs delays no other. If each job costs a request, one caller's jobs don't delay another's.
  else if (maxBatchSize === 1) {
    for (const [caller, own] of Map.groupBy(due, callerOf)) readParts(batch, chunk(own, 1), caller, reading);
  } else readParts(batch, chunk(due, maxBatchSize), sharedCaller, reading);
}

/** Jobs of several callers must not wait behind one caller's requests. */
function callerOf(job: WatchedJob): string {
  return onlyCallerOf(job) ?? sharedCaller;
}

function readParts(batch: Batch, parts: readonly (readonly WatchedJob[])[], caller: string, reading: BatchReading): void {
  void mapConcurrently(parts, reading.system.concurrency, (part) => readPart(batch, part, caller, reading).catch(reading.onBug));
}

async function readPart(batch: Batch, part: readonly WatchedJob[], caller: string, reading: BatchReading): Promise<void> {
  const { system, credential, clock } = reading;
  const isOpen = (job: WatchedJob): boolean => job.batch === batch && reading.isWatched(job);
  // Jobs without a watcher aren't read.
  const wanted = part.filter(isOpen);
  if (wanted.length === 0) return;
  try {
    const vendorIds = wanted.map(({ vendorId }) => vendorId);
    const reads = await system.reader.read(vendorIds, { caller, signal: batch.stop.signal, credential });
    for (const [job, read] of pairResults(wanted, reads)) if (isOpen(job)) reading.onResult(job, read);
  } finally {
    // If the read threw, the jobs aren't read again at once.
    for (const job of wanted.filter(isOpen)) {
      job.batch = null;
      job.schedule = { ...job.schedule, dueAtMs: clock.nowMs() + maxIntervalMs };
    }
    reading.onRead();
  }
}
