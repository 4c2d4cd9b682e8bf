import { afterEach, beforeEach, expect, test } from 'vitest';
import { vendors } from '../../src/vendors/index.ts';
import { addEndedJob, addJob } from '../end-to-end/jobs.ts';
import { type SystemName, startWithSandboxes, type WithSandboxes } from '../start.ts';
import { page, tableRowsOf } from './markdown.ts';

/** The systems with a column. */
const systems = findColumns();

let jobyard: WithSandboxes;
beforeEach(async () => {
  jobyard = await startWithSandboxes({ systems });
  // Logs in to Vault.
  await jobyard.query('{ jobs(first: 1) { complete } }');
});
afterEach(() => jobyard.close());

const read = (fields: string) => `query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { ${fields} } } }`;
const cancel = (dryRun = false) =>
  `mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids, dryRun: ${dryRun} }) { results { __typename } summary { succeeded } } }`;

/** The operation of each row, on so many jobs of each system. */
const operations: Record<string, { query: string; jobs: number; failed?: true }> = {
  'list 100 jobs of all systems': { query: '{ jobs(first: 100) { nodes { id } } }', jobs: 0 },
  'list 20 jobs that can be canceled': { query: '{ jobs(first: 20, filter: { availableAction: CANCEL }) { nodes { id } } }', jobs: 0 },
  'count all jobs': { query: '{ jobCounts(by: []) { total { count } } }', jobs: 0 },
  'count the jobs by status, owner, and system': {
    query: '{ a: jobCounts(by: [STATUS]) { complete } b: jobCounts(by: [OWNER, SYSTEM]) { complete } }',
    jobs: 0,
  },
  'list the systems and their capabilities': { query: '{ jobSystems { id title capabilities { support } } }', jobs: 0 },
  'check the health of the systems': { query: '{ jobSystems { health { status } } }', jobs: 0 },
  'read 10 jobs of each system by ID': { query: read('status'), jobs: 10 },
  'read 100 jobs of each system by ID': { query: read('status'), jobs: 100 },
  'read 10 jobs of each system with their steps': { query: read('steps { name }'), jobs: 10 },
  'read 10 failed jobs of each system with the reason': {
    query: read('status failureMessage failure { message code step { id } }'),
    jobs: 10,
    failed: true,
  },
  'read 10 jobs of each system with their progress': { query: read('progress { fraction }'), jobs: 10 },
  'read 10 failed jobs of each system with their log': { query: read('log(first: 20) { nodes { message } }'), jobs: 10, failed: true },
  'cancel 1 job of each system': { query: cancel(), jobs: 1 },
  'cancel 100 jobs of each system': { query: cancel(), jobs: 100 },
  'cancel 400 jobs of each system': { query: cancel(), jobs: 400 },
  'check with a dry run whether 10 jobs of each system can be canceled': { query: cancel(true), jobs: 10 },
};

const rows = tableRowsOf(page('docs/vendor-requests.md')).filter(
  (cells) => cells.length === 1 + systems.length && /^\d+$/.test(cells[1] ?? ''),
);

test('every row of the table is measured', () => {
  expect(rows.map(([operation]) => operation)).toEqual(Object.keys(operations));
});

test.each(rows)('%s', async (name, ...numbers) => {
  const { query, jobs, failed } = operations[name ?? ''] ?? { query: '', jobs: 0 };
  const add = (system: SystemName) => (failed ? addEndedJob(jobyard, system, 'FAILED') : addJob(jobyard, system));
  const ids = systems.flatMap((system) => Array.from({ length: jobs }, () => add(system)));
  for (const system of systems) jobyard.sandboxes[system].requests.clear();
  const { data, errors } = await jobyard.query(query, jobs > 0 ? { ids } : {});
  expect(errors).toBeUndefined();
  if (data.cancelJobs) expect(data.cancelJobs.summary.succeeded).toBe(ids.length);
  expect(systems.map((system) => String(jobyard.sandboxes[system].requests.count()))).toEqual(numbers);
});

function findColumns(): SystemName[] {
  const header = tableRowsOf(page('docs/vendor-requests.md')).find(([first]) => first === 'Operation') ?? [];
  return header.slice(1).map((column) => {
    const vendor = vendors.find(({ title }) => title.endsWith(column));
    if (!vendor) throw new Error(`docs/vendor-requests.md: expected a vendor's title as a column, got ${column}`);
    return vendor.name as SystemName;
  });
}
