import { Counter, Gauge, type Registry } from 'prom-client';
import type { BulkBacklog } from '../bulk/backlog.ts';
import type { LostCounts } from '../history/event-writer.ts';

// Metrics that are read from other rooms at each scrape.

/** Whether the store is up; null: unknown. */
export function showStore(registers: Registry[], isStoreUp: () => boolean | null): void {
  new Gauge({
    name: 'jobyard_store_up',
    help: 'Whether the store was available at its last use; absent until it is used',
    registers,
    collect() {
      const isUp = isStoreUp();
      if (isUp === null) this.remove();
      else this.set(Number(isUp));
    },
  });
}

/** The counts of the event writer. */
export function showEvents(registers: Registry[], counts: () => { waiting: number } & LostCounts): void {
  new Gauge({
    name: 'jobyard_events_waiting',
    help: 'Events in memory that wait for the store',
    registers,
    collect() {
      this.set(counts().waiting);
    },
  });
  new Counter({
    name: 'jobyard_events_dropped_total',
    help: 'Events that are not stored and never will be; the audit log has each of them',
    labelNames: ['reason'] as const,
    registers,
    collect() {
      const { dropped, setAside } = counts();
      this.reset();
      this.inc({ reason: 'full' }, dropped);
      this.inc({ reason: 'rejected' }, setAside);
    },
  });
}

/** The backlog of bulk operations; null: the store is unavailable. */
export function showBulk(registers: Registry[], systems: ReadonlySet<string>, read: () => Promise<BulkBacklog | null>): void {
  new Gauge({
    name: 'jobyard_bulk_items_pending',
    help: 'Pending items of bulk operations; the same in all replicas, absent while the store is unavailable',
    labelNames: ['system'] as const,
    registers,
    async collect() {
      const backlog = await read();
      this.reset();
      if (!backlog) return;
      for (const system of systems) this.set({ system }, 0);
      for (const [system, count] of backlog.pending) this.set({ system }, count);
    },
  });
  new Gauge({
    name: 'jobyard_bulk_oldest_pending_seconds',
    help: 'Age of the oldest bulk operation that has pending items and is not suspended; absent while the store is unavailable',
    registers,
    async collect() {
      const backlog = await read();
      if (backlog) this.set(backlog.oldestSeconds);
      else this.remove();
    },
  });
}

/** The counts of what is polled for live updates. */
export interface WatchCounts {
  watchedJobs(): number;
  polledLists(): number;
  polls(): number;
}

export function showWatcher(registers: Registry[], watcher: WatchCounts): void {
  new Gauge({
    name: 'jobyard_watched_jobs',
    help: 'Jobs that are polled for subscriptions and waits',
    registers: registers,
    collect() {
      this.set(watcher.watchedJobs());
    },
  });
  new Gauge({
    name: 'jobyard_polled_lists',
    help: 'Lists of systems that are polled for subscriptions',
    registers: registers,
    collect() {
      this.set(watcher.polledLists());
    },
  });
  new Counter({
    name: 'jobyard_watch_polls_total',
    help: 'Batches of reads, and reads of lists, for subscriptions and waits',
    registers: registers,
    collect() {
      this.reset();
      this.inc(watcher.polls());
    },
  });
}
