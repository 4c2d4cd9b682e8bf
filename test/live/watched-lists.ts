import { expect, onTestFinished } from 'vitest';
import type { JobOrder } from '../../src/jobs/adapter.ts';
import type { JobFilter } from '../../src/jobs/filter.ts';
import type { JobFields } from '../../src/jobs/job.ts';
import { createCursorKeys } from '../../src/listing/cursor-keys.ts';
import type { JobListEvent } from '../../src/live/list-events.ts';
import { createListWatcher } from '../../src/live/list-watcher.ts';
import { connectMemory, jobFields, type MemoryList, type MemoryOptions, memoryList } from '../jobs/memory-adapter.ts';
import { createManualClock } from './manual-clock.ts';

export const newestFirst: JobOrder = { field: 'CREATED_AT', direction: 'DESC' };

/** A watcher of lists, over systems in memory. */
export function start(ids: readonly string[] = ['memory'], overrides: Partial<MemoryList> = {}, options: Partial<MemoryOptions> = {}) {
  const clock = createManualClock();
  const keys = createCursorKeys();
  const watcher = createListWatcher({ clock, keys, onBug: (error) => expect.unreachable(String(error)) });
  onTestFinished(() => watcher.close());
  const systems = ids.map((id) => {
    const list = memoryList({ rows: [], ...overrides });
    const onRead: MemoryOptions['onRead'] = (vendorId, read) => watcher.note(id, vendorId, read);
    return { list, ...connectMemory({ id, lists: [list], nowMs: clock.nowMs, onRead, ...options }) };
  });
  const listOf = (id: string) => systems.find(({ system }) => system.id === id)?.list as MemoryList;
  /** `minute`: of its creation. */
  const add = (vendorId: string, minute: number, fields: Partial<JobFields> = {}, system = 'memory'): void => {
    const row = jobFields(vendorId, { createdAt: new Date(minute * 60_000), ...fields });
    listOf(system).rows.push({ fields: row, spot: listOf(system).rows.length });
  };
  const find = (vendorId: string, system = 'memory') => listOf(system).rows.findIndex(({ fields }) => fields.vendorId === vendorId);
  return {
    clock,
    watcher,
    keys,
    systems,
    add,
    set(vendorId: string, fields: Partial<JobFields>, system = 'memory'): void {
      const row = listOf(system).rows[find(vendorId, system)];
      if (row) row.fields = { ...row.fields, ...fields };
    },
    remove: (vendorId: string) => void listOf('memory').rows.splice(find(vendorId), 1),
    subscribe: (first: number, filter: JobFilter = {}, of: { order?: JobOrder; caller?: string; credential?: string } = {}) => {
      const { order = newestFirst, caller = 'test', credential = null } = of;
      const lists = systems.map(({ system }) => ({ system, filter, order, credential }));
      return watcher.subscribe(lists, { filter, order, first, caller });
    },
    /** The reads of lists since the last call. */
    reads: () => systems.reduce((sum, { pages }) => sum + pages.splice(0).length, 0),
  };
}

const kept = new WeakMap<AsyncIterator<JobListEvent>, Promise<IteratorResult<JobListEvent>>>();

/** The events that have arrived and weren't taken yet. */
export async function take(events: AsyncIterator<JobListEvent>): Promise<string[]> {
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
    taken.push(textOf(result.value));
  }
}

function textOf(event: JobListEvent): string {
  switch (event.kind) {
    case 'page':
      return `page ${event.page.jobs.map(({ vendorId }) => vendorId).join(' ')}`.trim();
    case 'entered':
    case 'changed':
      return `${event.kind} ${event.job.vendorId} ${event.job.status} after ${event.afterId}`;
    case 'left':
      return `left ${event.jobId} ${event.reason}`;
    case 'systems':
      return `systems ${event.page.complete} ${event.page.systems.map(({ system, problem }) => `${system.id} ${problem?.code ?? 'OK'}`).join(', ')}`;
  }
}
