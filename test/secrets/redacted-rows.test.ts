import { expect, test } from 'vitest';
import { allJobs, isOddRow, type JobQuery, type ListedJob, type OddRow, startOfList } from '../../src/jobs/adapter.ts';
import { createGoneJob, createJob } from '../../src/jobs/create-job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { redactAdapter } from '../../src/secrets/redacted-adapter.ts';
import { createRedactor } from '../../src/secrets/redactor.ts';
import { callOf, connectMemory, jobFields, memoryList, memoryRows } from '../jobs/memory-adapter.ts';

const rowCount = 20;

/** The rows of a list for this query, and how many times the fields of one were made. */
async function readRows(query: Partial<JobQuery>): Promise<{ rows: readonly (ListedJob | OddRow)[]; made: () => number }> {
  const { system } = connectMemory({ lists: [memoryList({ rows: memoryRows(rowCount, { name: 'of secret-0123456789' }) })] });
  const { adapter } = system;
  let made = 0;
  const watch = (row: ListedJob): ListedJob => ({
    ...row,
    toFields() {
      made += 1;
      return row.toFields();
    },
  });
  const listJobs: typeof adapter.listJobs = (asked) =>
    adapter.listJobs(asked).map((source) => ({
      ...source,
      async readPage(at, count, call) {
        const page = await source.readPage(at, count, call);
        return page.ok
          ? { ok: true, value: { ...page.value, rows: page.value.rows.map((row) => (isOddRow(row) ? row : watch(row))) } }
          : page;
      },
    }));
  const [source] = redactAdapter('memory', { ...adapter, listJobs }, createRedactor(['secret-0123456789'])).listJobs({
    ...allJobs,
    ...query,
  });
  const page = await source?.readPage(startOfList, rowCount, callOf());
  if (!page?.ok) throw new Error('No page');
  return { rows: page.value.rows, made: () => made };
}

const namesOf = (rows: readonly (ListedJob | OddRow)[]): (string | null)[] =>
  rows.map((row) => (isOddRow(row) ? null : row.toFields().name));

test('if a list is only sorted by creation, the fields of a row are created on demand, without secrets', async () => {
  const { rows, made } = await readRows({});
  expect(made()).toBe(0);
  expect(namesOf(rows.slice(0, 3))).toEqual(['of …', 'of …', 'of …']);
  expect(made()).toBe(3);
});

test.each<[string, Partial<JobQuery>]>([
  ['a filter', { owners: ['ada'] }],
  ['an order by another time', { order: { field: 'STARTED_AT', direction: 'DESC' } }],
])('if %s examines each row, its fields are created once, with the page, in several turns', async (_what, query) => {
  const { rows, made } = await readRows(query);
  expect(made()).toBe(rows.length);
  expect(new Set([...namesOf(rows), ...namesOf(rows)])).toEqual(new Set(['of …']));
  expect(made()).toBe(rows.length);
});

test('a failure in a row contains no secret', () => {
  const fields = jobFields('1', { failure: { message: 'of secret-0123456789', code: null, advice: 'secret-0123456789', step: null } });
  const adapter = connectMemory({ answerRead: () => ({ kind: 'job', job: fields }) }).system.adapter;
  const redacted = redactAdapter('memory', adapter, createRedactor(['secret-0123456789']));
  return expect(redacted.getJobs?.(['1'], callOf())).resolves.toMatchObject([
    { job: { failure: { message: 'of …', code: null, advice: '…' } } },
  ]);
});

test('a job that is gone after its cancellation shows no secret in its scope', async () => {
  const { system } = connectMemory({ answerRead: (id) => ({ kind: 'job', job: jobFields(id, { scope: 'of secret-0123456789' }) }) });
  const [read] = (await redactAdapter('memory', system.adapter, createRedactor(['secret-0123456789'])).getJobs?.(['1'], callOf())) ?? [];
  if (read?.kind !== 'job') throw new Error('No job');
  const now = new Date(0);
  const gone = createGoneJob(createJob('memory', read.job, now), createProblem('JOB_NOT_FOUND', 'Gone.'), now);
  expect(gone).toMatchObject({ status: 'UNKNOWN', shownScope: 'of …' });
});

test('the last read after an inconclusive response contains no secret', async () => {
  const response = { kind: 'inconclusive', problem: createProblem('TIMED_OUT', 'secret-0123456789 lost') } as const;
  const adapter = connectMemory({ resolveInconclusive: async () => [response] }).system.adapter;
  const redacted = redactAdapter('memory', adapter, createRedactor(['secret-0123456789']));
  expect(await redacted.resolveInconclusive?.('CANCEL', [], callOf())).toMatchObject([{ problem: { message: '… lost' } }]);
});

test.each([
  ['accepted', { kind: 'accepted', job: null }],
  ['inconclusive', { kind: 'inconclusive', problem: createProblem('TIMED_OUT', 'late') }],
] as const)('an ID of a created job with a secret is left out of a response that is %s', async (_kind, response) => {
  const { system } = connectMemory({
    answerAction: () => [
      { ...response, createdVendorId: 'a-secret-0123456789' },
      { ...response, createdVendorId: 'b' },
    ],
  });
  const adapter = redactAdapter('memory', system.adapter, createRedactor(['secret-0123456789']));
  expect(await adapter.performAction('START', [], callOf())).toEqual([response, { ...response, createdVendorId: 'b' }]);
});

test.each([
  ['a tab and a line break, which URLs lose', 'https://host/sec\tret-0123\n456789'],
  ['capitals in its host, which URLs lose', 'https://SECRET-0123456789/jobs'],
  ['a step back in its path, which URLs take', 'https://host/a-sec/x/../ret'],
])('a link that contains a secret only as a browser reads it is left out: %s', async (_what, url) => {
  const fields = jobFields('1', { links: () => [{ title: 'Log', url }] });
  const { system } = connectMemory({ answerRead: () => ({ kind: 'job', job: fields }) });
  const [read] =
    (await redactAdapter('memory', system.adapter, createRedactor(['secret-0123456789', 'a-sec/ret'])).getJobs?.(['1'], callOf())) ?? [];
  if (read?.kind !== 'job') throw new Error('No job');
  expect(read.job.links?.()).toEqual([]);
});

test('a failure contains no secret after its lines were joined', async () => {
  const failure = { message: 'rejected: correct\n  horse\tbattery', code: null, advice: null, step: null };
  const { system } = connectMemory({ getFailure: async () => ({ ok: true, value: failure }) });
  const { getFailure } = redactAdapter('memory', system.adapter, createRedactor(['correct horse battery']));
  if (typeof getFailure !== 'function') throw new Error('No failure');
  const job = createJob('memory', jobFields('1'), new Date(0));
  expect(await getFailure(job, callOf())).toMatchObject({ value: { message: 'rejected: …' } });
});
