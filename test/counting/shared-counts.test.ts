import { describe, expect, test } from 'vitest';
import type { CountedFact } from '../../src/counting/cell.ts';
import { createSharedCounts } from '../../src/counting/shared-counts.ts';
import type { CallContext } from '../../src/jobs/adapter.ts';
import type { JobFilter } from '../../src/jobs/filter.ts';
import { callOf, connectMemory, type MemoryList, memoryList, memoryRows } from '../jobs/memory-adapter.ts';

function start(overrides: Partial<MemoryList> = {}) {
  let nowMs = 1_000_000;
  const connected = connectMemory({ lists: [memoryList({ counts: false, maxRows: 10, rows: memoryRows(25), ...overrides })] });
  const shared = createSharedCounts(() => nowMs);
  return {
    connected,
    count: (facts: readonly CountedFact[] = [], filter: JobFilter = {}, call: CallContext = callOf()) =>
      shared.count({ system: connected.system, filter, by: new Set(facts), call }),
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** Since the last call. */
    requests: () => connected.pages.splice(0).length,
  };
}

describe('a count', () => {
  test('in progress serves concurrent callers with the same filter', async () => {
    const { count, requests } = start();
    const counts = await Promise.all([count(), count(), count([], { systemIds: ['memory'] })]);
    expect(counts.map(({ cells }) => cells[0]?.count)).toEqual([25, 25, 25]);
    expect(requests()).toBe(3);
  });

  test('that began at most 3 seconds ago serves later callers, with its time', async () => {
    const { count, pass, requests } = start();
    const first = await count();
    pass(3_000);
    expect((await count()).observedAt).toEqual(first.observedAt);
    expect(requests()).toBe(3);
    pass(1);
    expect((await count()).observedAt).not.toEqual(first.observedAt);
    expect(requests()).toBe(3);
  });

  test('serves callers that count by its facts or fewer, not by others', async () => {
    const { count, requests } = start();
    await count(['status', 'owner']);
    requests();
    await count(['owner']);
    await count([]);
    expect(requests()).toBe(0);
    await count(['owner', 'type']);
    expect(requests()).toBe(3);
  });

  test('does not serve another filter', async () => {
    const { count, requests } = start();
    await count();
    await count([], { owners: ['ada'] });
    expect(requests()).toBe(6);
  });

  test('with its own credential is shared with no other', async () => {
    const { count, requests } = start();
    const own = callOf({ credential: 'secret' });
    await Promise.all([count(), count([], {}, own), count([], {}, own)]);
    await count([], {}, own);
    expect(requests()).toBe(12);
  });

  test('is not kept if the system failed', async () => {
    const { count, requests } = start({ failsAt: new Set([0]) });
    expect((await count()).precision).toBe('UNKNOWN');
    expect((await count()).precision).toBe('EXACT');
    expect(requests()).toBe(4);
  });

  test('continues for the others if one caller leaves', async () => {
    const leaving = new AbortController();
    const { count } = start({ beforeRead: (reads) => reads === 1 && leaving.abort() });
    const [left, stayed] = await Promise.all([count([], {}, callOf({ signal: leaving.signal })), count()]);
    expect(left).toMatchObject({ precision: 'AT_LEAST', problem: { code: 'TIMED_OUT' }, cells: [{ count: 10, isExact: false }] });
    expect(stayed).toMatchObject({ precision: 'EXACT', cells: [{ count: 25 }] });
  });

  test('ends when the last caller leaves, and is not joined by later ones', async () => {
    const leaving = new AbortController();
    const { count, requests } = start({ rows: memoryRows(200), beforeRead: (reads) => reads === 1 && leaving.abort() });
    expect((await count([], {}, callOf({ signal: leaving.signal }))).precision).toBe('AT_LEAST');
    expect(await count()).toMatchObject({ precision: 'EXACT', cells: [{ count: 200 }] });
    // The first count would have needed 20 requests, too.
    expect(requests()).toBeLessThan(25);
  });
});
