import { expect, onTestFinished, test, vi } from 'vitest';
import { toListedJob } from '../../src/jobs/adapter.ts';
import type { KnownRows } from '../../src/listing/known-rows.ts';
import { createKnownRowsStore } from '../../src/listing/known-rows.ts';
import { jobFields } from '../jobs/memory-adapter.ts';

function knownRows(count: number): KnownRows {
  const row = { listed: toListedJob(jobFields('j')), toJob: () => expect.fail('not shown'), key: 1, rank: 1, part: null };
  return { rows: Array.from({ length: count }, () => row), resume: null, parts: [null], totalCount: null, problem: null };
}

test('kept rows are given out once, and only under their cursor and list', () => {
  const store = createKnownRowsStore();
  const rows = knownRows(3);
  store.keep('cursor', 'jobs', rows);
  expect(store.take('cursor', 'others')).toBeNull();
  expect(store.take('another cursor', 'jobs')).toBeNull();
  expect(store.take('cursor', 'jobs')).toBe(rows);
  expect(store.take('cursor', 'jobs')).toBeNull();
});

test('kept rows are not given out after 30 seconds', () => {
  let nowMs = 1_000;
  const store = createKnownRowsStore(() => nowMs);
  for (const cursor of ['first', 'second']) store.keep(cursor, 'jobs', knownRows(3));
  nowMs += 30_000;
  expect(store.take('first', 'jobs')).not.toBeNull();
  nowMs += 1;
  expect(store.take('second', 'jobs')).toBeNull();
});

test('kept rows are dropped when they expire, without another request', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  let nowMs = 1_000;
  createKnownRowsStore(() => nowMs).keep('cursor', 'jobs', knownRows(3));
  expect(vi.getTimerCount()).toBe(1);
  nowMs += 30_001;
  vi.advanceTimersByTime(30_001);
  expect(vi.getTimerCount()).toBe(0);
});

test('at most 10,000 rows are kept: the oldest go first', () => {
  const store = createKnownRowsStore();
  store.keep('first', 'jobs', knownRows(6_000));
  store.keep('second', 'jobs', knownRows(6_000));
  expect(store.take('first', 'jobs')).toBeNull();
  expect(store.take('second', 'jobs')?.rows).toHaveLength(6_000);
});
