import { describe, expect, test } from 'vitest';
import { mergeFailures } from '../../console/src/overview/recent-failures.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 12, minute)).toISOString();
const job = (id: string, created: number, finished: number | null) => ({
  id,
  systemId: 'kylin',
  name: id,
  createdAt: at(created),
  finishedAt: finished === null ? null : at(finished),
  failureMessage: null,
});
const page = (nodes: ReturnType<typeof job>[], complete = true) => ({ nodes, complete });

describe('the recent failures', () => {
  test('are in the order of the time that is shown, each once', () => {
    const late = job('late', 1, 50);
    const early = job('early', 20, 21);
    const endless = job('endless', 30, null);
    const { jobs } = mergeFailures({ byEnd: page([late, early]), byCreation: page([endless, early]) }, 10);
    expect(jobs.map(({ id }) => id)).toEqual(['late', 'endless', 'early']);
  });

  test('are the newest of both lists', () => {
    const byEnd = page([job('a', 1, 50), job('b', 2, 40)]);
    const byCreation = page([job('c', 45, null), job('d', 10, null)]);
    expect(mergeFailures({ byEnd, byCreation }, 2).jobs.map(({ id }) => id)).toEqual(['a', 'c']);
  });

  test('are incomplete if one of the lists is', () => {
    expect(mergeFailures({ byEnd: page([]), byCreation: page([]) }, 2).isComplete).toBe(true);
    expect(mergeFailures({ byEnd: page([], false), byCreation: page([]) }, 2).isComplete).toBe(false);
    expect(mergeFailures({ byEnd: page([]), byCreation: page([], false) }, 2).isComplete).toBe(false);
  });
});
