import { describe, expect, test } from 'vitest';
import { toListedJob } from '../../src/jobs/adapter.ts';
import { createJob } from '../../src/jobs/create-job.ts';
import type { Row } from '../../src/listing/row.ts';
import { createRowBuffer, type RowBuffer } from '../../src/listing/row-buffer.ts';
import { jobFields } from '../jobs/memory-adapter.ts';

const rowOf = (id: string, rank: number, part: string | null = null): Row => ({
  listed: toListedJob(jobFields(id)),
  toJob: (listed) => createJob('memory', listed.toFields(), new Date(0)),
  key: Number.isFinite(rank) ? rank : null,
  rank,
  part,
});
const idsOf = (rows: readonly Row[]): string[] => rows.map(({ listed }) => listed.vendorId);

function takeAll(buffer: RowBuffer): string[] {
  const ids: string[] = [];
  while (buffer.head()) ids.push(buffer.take().listed.vendorId);
  return ids;
}

describe('rows that were read', () => {
  test('can be taken when no unread row can precede them, by rank and then by ID', () => {
    const buffer = createRowBuffer({ known: [], isBackward: false });
    for (const row of [rowOf('c', 2), rowOf('b', 1), rowOf('a', 2), rowOf('d', 3)]) buffer.add(row);
    expect(buffer.head()).toBeUndefined();
    buffer.releaseBefore(3);
    expect(takeAll(buffer)).toEqual(['b', 'a', 'c']);
    expect(buffer.isWaiting()).toBe(true);
    buffer.releaseAll();
    expect(takeAll(buffer)).toEqual(['d']);
  });

  test('without a key come after all that have one', () => {
    const buffer = createRowBuffer({ known: [], isBackward: false });
    buffer.add(rowOf('none', Number.POSITIVE_INFINITY));
    buffer.add(rowOf('late', 99));
    buffer.releaseBefore(Number.POSITIVE_INFINITY);
    expect(takeAll(buffer)).toEqual(['late']);
    buffer.releaseAll();
    expect(takeAll(buffer)).toEqual(['none']);
  });

  test('are replaced by a later row of the job, and removed if it does not match', () => {
    const buffer = createRowBuffer({ known: [rowOf('a', 1), rowOf('b', 2)], isBackward: false });
    buffer.add(rowOf('a', 3));
    buffer.remove('b');
    expect(buffer.isReleased('a')).toBe(false);
    buffer.releaseAll();
    expect(buffer.isReleased('a')).toBe(true);
    expect(buffer.untaken().map(({ rank }) => rank)).toEqual([3]);
  });

  test('that a position depends on are those taken after it, and the first of each part, with a key and without', () => {
    const buffer = createRowBuffer({ known: [], isBackward: false });
    for (const row of [rowOf('a', 1), rowOf('b', 2), rowOf('c', 3, 'p'), rowOf('d', 4, 'p'), rowOf('e', 5, 'p')]) buffer.add(row);
    buffer.add(rowOf('f', Number.POSITIVE_INFINITY, 'p'));
    buffer.releaseAll();
    buffer.take();
    buffer.take();
    expect(idsOf(buffer.leftAfter(1))).toEqual(['b', 'c', 'f']);
    buffer.take();
    expect(idsOf(buffer.leftAfter(3))).toEqual(['d', 'f']);
  });
});
