import type { JobRead } from '../../src/reading/job-read.ts';
import { connectMemory, type MemoryOptions, memoryList, memoryRows } from '../jobs/memory-adapter.ts';

export const startMs = 1_700_000_000_000;
export const intervalMs = 10_000;

/** A system with a stopped clock that the test moves. */
export function connect(options: MemoryOptions = {}) {
  const clock = { nowMs: startMs };
  const lists = options.lists ?? [memoryList({ rows: memoryRows(100) })];
  return { clock, ...connectMemory({ lists, nowMs: () => clock.nowMs, ...options }) };
}

export const limited = { minIntervalMs: intervalMs, maxBatchSize: 1 };
export const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `j${index}`);
export const problemOf = (read: JobRead | undefined) => (read?.kind === 'problem' ? read.problem : null);
export const jobOf = (read: JobRead | undefined) => (read?.kind === 'job' ? read.job : null);

export function defer<Value>() {
  let settle: (value: Value) => void = () => {};
  const promise = new Promise<Value>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}
