import { expect, test } from 'vitest';
import { type ListedJob, toListedJob } from '../../src/jobs/adapter.ts';
import type { JobFields } from '../../src/jobs/job.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { iterateJobs } from '../../src/listing/iterate-jobs.ts';
import { listJobs } from '../../src/listing/list-jobs.ts';
import { callOf, connectMemory, jobFields, memoryList, memoryRows } from '../jobs/memory-adapter.ts';

const order = { field: 'CREATED_AT', direction: 'DESC' } as const;

async function list(fields: JobFields, problem: string | null) {
  const connected = connectMemory({ lists: [memoryList({ rows: [{ fields, spot: 0 }, ...memoryRows(3)] })] });
  const [source] = connected.system.adapter.listJobs({ ...everyJob });
  if (!source) throw new Error('No list');
  const isOdd = ({ vendorId }: ListedJob): boolean => vendorId === fields.vendorId;
  connected.system.adapter.listJobs = () => [
    {
      ...source,
      async readPage(at, count, call) {
        const page = await source.readPage(at, count, call);
        if (!page.ok || problem === null) return page;
        const oddRow = {
          problem: createProblem('INVALID_VENDOR_RESPONSE', problem),
          job: fields.vendorId === '' ? null : toListedJob(fields),
        };
        return { ok: true, value: { ...page.value, rows: page.value.rows.map((row) => ('job' in row || !isOdd(row) ? row : oddRow)) } };
      },
    },
  ];
  const page = await listJobs([connected.system], { filter: {}, order, first: 10, after: null }, () => callOf());
  if (!page) throw new Error('The cursor was refused');
  const walked: string[] = [];
  const problems: string[] = [];
  for await (const rows of iterateJobs(connected.system, {}, callOf())) {
    if (rows.ok) walked.push(...rows.value.map(({ vendorId }) => vendorId));
    else problems.push(rows.problem.message);
  }
  return { page, walked, problems };
}

const everyJob = { statuses: null, types: null, owners: null, text: null, createdFrom: null, createdTo: null, scopes: null, order };

test('a row without a usable ID affects only itself, and the page names it', async () => {
  const { page, walked, problems } = await list(jobFields(''), 'memory returned an invalid row: the ID of row 1 is null, expected text.');
  expect(page.jobs.map(({ vendorId }) => vendorId)).toEqual(['j0', 'j1', 'j2']);
  expect(page).toMatchObject({ complete: false, systems: [{ status: 'OK', returnedCount: 3, problem: { code: 'INCOMPLETE_LIST' } }] });
  expect(page.systems[0]?.problem?.message).toContain('the ID of row 1 is null');
  expect([walked, problems.length]).toEqual([['j0', 'j1', 'j2'], 1]);
});

test('a row that can be shown in part is shown, and the page reports its problem', async () => {
  const { page } = await list(
    jobFields('odd', { type: null, createdAt: new Date(2e12) }),
    'memory returned an invalid row: type of job odd is 7.',
  );
  expect(page.jobs.map(({ vendorId, type }) => [vendorId, type])).toEqual([
    ['odd', null],
    ['j0', 'load'],
    ['j1', 'load'],
    ['j2', 'load'],
  ]);
  expect(page).toMatchObject({
    complete: false,
    systems: [{ problem: { code: 'INCOMPLETE_LIST', message: expect.stringContaining('type of job odd') } }],
  });
});

test.each([
  ['too long', 'x'.repeat(1_100)],
  ['half a character', 'a\ud83d'],
])('a row with an ID that is %s costs only itself', async (_what, vendorId) => {
  const { page } = await list(jobFields(vendorId), null);
  expect(page.jobs.map((job) => job.vendorId)).toEqual(['j0', 'j1', 'j2']);
  expect(page).toMatchObject({ complete: false, systems: [{ problem: { code: 'INCOMPLETE_LIST' } }] });
});
