import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
});
afterAll(() => jobyard.close());

test('a job with a tag is read and canceled beside others, and not the one with its number here', async () => {
  const { state, requests } = jobyard.sandboxes.kinetica;
  const meant = state.addJob({ id: '880001', tag: 'nightly-1', endpoint: '/alter/table' });
  const stranger = state.addJob({ id: '971413' });
  const other = state.addJob();
  const ids = ['kinetica:971413@nightly-1', `kinetica:${other}`];

  const { data: read } = await jobyard.query('query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { id type status } } }', { ids });
  expect(read.jobsByIds).toEqual([
    { id: ids[0], type: '/alter/table', status: 'RUNNING' },
    { id: ids[1], type: '/execute/sql', status: 'RUNNING' },
  ]);

  requests.clear();
  const cancel = 'mutation ($ids: [ID!]!) { cancelJobs(input: { ids: $ids }) { results { __typename ... on CancelSuccess { jobId } } } }';
  const { data } = await jobyard.query(cancel, { ids });
  expect(data.cancelJobs.results).toEqual(ids.map((jobId) => ({ __typename: 'CancelSuccess', jobId })));
  expect(requests.count('POST', '/admin/alter/jobs')).toBe(2);
  expect([meant, stranger, other].map((id) => state.job(id)?.status)).toEqual(['CANCELLED', 'RUNNING', 'CANCELLED']);
});
