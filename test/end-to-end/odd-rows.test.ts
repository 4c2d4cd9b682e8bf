import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { idsOf, list } from './pages.ts';

let jobyard: WithSandboxes;
beforeEach(async () => {
  jobyard = await startWithSandboxes({ jobs: 0 });
});
afterEach(() => jobyard.close());

test.each([
  ['kinetica', { auth_id: {} }, { job_id: null }, /^kinetica returned an invalid row: auth_id of job \d+ is \{\}, expected text\.$/],
  ['aodocs', { requestor: {} }, { jobId: null }, /^aodocs returned an invalid row: requestor of job \w+ is \{\}, expected text\.$/],
] as const)('%s: an odd row is left out, and the page names it', async (system, odd, withoutId, message) => {
  const { state } = jobyard.sandboxes[system];
  const good = `${system}:${state.addJob()}`;
  const shown = `${system}:${state.addJob({ odd })}`;
  const page = await list(jobyard, { filter: { systemIds: [system] } });
  expect(idsOf(page.nodes).sort()).toEqual([good, shown].sort());
  expect(page.nodes.find(({ id }) => id === shown)).toMatchObject({ owner: null, status: 'RUNNING' });
  expect(page.complete).toBe(false);
  expect(page.systems).toMatchObject([{ problem: { message: expect.stringMatching(message) } }]);

  state.addJob({ odd: withoutId });
  const next = await list(jobyard, { filter: { systemIds: [system] } });
  expect(idsOf(next.nodes).sort()).toEqual([good, shown].sort());
  expect(next.complete).toBe(false);
});
