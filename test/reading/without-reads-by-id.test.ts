import { expect, test } from 'vitest';
import { callOf, connectMemory, down, memoryList, memoryRows } from '../jobs/memory-adapter.ts';

const lists = (...parts: Parameters<typeof memoryList>[0][]) => parts.map((part) => memoryList(part));
const rows = memoryRows(1_200);

test('searches the lists once for any number of jobs, and returns notFound for jobs in none of them', async () => {
  const { system, pages } = connectMemory({ hasReadsById: false, lists: lists({ rows }) });
  const results = await system.reader.read(['j3', 'missing', 'j900'], callOf());
  expect(results).toMatchObject([
    { kind: 'job', job: { vendorId: 'j3' } },
    { kind: 'notFound' },
    { kind: 'job', job: { vendorId: 'j900' } },
  ]);
  expect(pages.length).toBeLessThanOrEqual(4);
});

test('the walk ends when all are found', async () => {
  const { system, pages } = connectMemory({ hasReadsById: false, lists: lists({ rows }, { name: 'other', rows: memoryRows(0) }) });
  const [first] = await system.reader.readFresh([rows[0]?.fields.vendorId ?? ''], callOf());
  expect(first).toMatchObject({ kind: 'job' });
  expect(pages).toHaveLength(1);
});

test('a job that a failed list may have is not called missing', async () => {
  const failing = lists({ rows }, { name: 'other', rows: [], failsAt: new Set([0, 1, 2]) });
  const { system } = connectMemory({ hasReadsById: false, lists: failing });
  expect(await system.reader.readFresh(['j3', 'missing'], callOf())).toMatchObject([
    { kind: 'job' },
    { kind: 'problem', problem: { code: down.code } },
  ]);
});

test('returns SCAN_LIMIT_REACHED for a job beyond the maximum number of rows', async () => {
  const { system } = connectMemory({ hasReadsById: false, lists: lists({ rows, maxRows: 200 }), scanLimit: 600 });
  const [read] = await system.reader.readFresh(['missing'], callOf());
  expect(read).toMatchObject({ kind: 'problem', problem: { code: 'SCAN_LIMIT_REACHED' } });
});
