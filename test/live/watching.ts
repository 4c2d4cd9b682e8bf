import { expect, onTestFinished } from 'vitest';
import type { JobFields } from '../../src/jobs/job.ts';
import { createJobWatcher, type JobWatcher, type JobWatcherOptions, type Observation } from '../../src/live/watcher.ts';
import type { JobRead } from '../../src/reading/job-read.ts';
import { connectMemory, jobFields, type MemoryOptions, type MemorySystem } from '../jobs/memory-adapter.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

/** A watcher over one system in memory, whose jobs change when the test changes them. */
export interface Watching extends MemorySystem {
  clock: ManualClock;
  watcher: JobWatcher;
  /** The jobs as the vendor has them; a job that is not here is not there. */
  jobs: Map<string, JobFields>;
  set(vendorId: string, fields: Partial<JobFields>): void;
  watch(vendorIds: readonly string[], credential?: string | null): AsyncIterableIterator<Observation>;
}

export function startWatching(
  options: MemoryOptions & Pick<Partial<JobWatcherOptions>, 'replicas'> = {},
  clock = createManualClock(),
): Watching {
  const jobs = new Map<string, JobFields>();
  const watcher = createJobWatcher({
    clock,
    replicas: options.replicas ?? null,
    onBug: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => watcher.close());
  const memory = connectMemory({
    nowMs: clock.nowMs,
    answerRead(vendorId) {
      const job = jobs.get(vendorId);
      return job ? { kind: 'job', job: { ...job } } : { kind: 'notFound' };
    },
    onRead: (vendorId, read, byId) => watcher.note('memory', vendorId, read, byId),
    ...options,
  });
  return {
    ...memory,
    clock,
    watcher,
    jobs,
    set: (vendorId, fields) => void jobs.set(vendorId, jobFields(vendorId, { ...jobs.get(vendorId), ...fields })),
    watch: (vendorIds, credential = null) =>
      watcher.watch(vendorIds.map((vendorId) => ({ system: memory.system, vendorId, caller: 'test', credential }))),
  };
}

/** The events that have arrived and weren't taken yet: `id STATUS`, or `id absent`. Ends with `end` if the watch has ended. */
export async function take(events: AsyncIterator<Observation>): Promise<string[]> {
  const taken: string[] = [];
  for (;;) {
    // One that waits is kept for the next call.
    const next = kept.get(events) ?? events.next();
    kept.delete(events);
    const result = await Promise.race([next, new Promise<null>((resolve) => setImmediate(resolve, null))]);
    if (result === null) {
      kept.set(events, next);
      return taken;
    }
    if (result.done) return [...taken, 'end'];
    taken.push(`${result.value.vendorId} ${textOf(result.value.read)}`);
  }
}

const kept = new WeakMap<AsyncIterator<Observation>, Promise<IteratorResult<Observation>>>();

export function textOf(read: JobRead): string {
  if (read.kind !== 'job') return read.kind === 'problem' ? read.problem.code : 'absent';
  return read.job.problem ? `${read.job.status} ${read.job.problem.code}` : read.job.status;
}
