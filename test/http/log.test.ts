import { expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../access/callers.ts';
import { addJob } from '../end-to-end/jobs.ts';
import { startWithSandboxes } from '../start.ts';

test('each request is one log line with its operation, caller, status, duration, and vendor requests, but nothing of its content', async () => {
  const lines: Record<string, unknown>[] = [];
  const jobyard = await startWithSandboxes({
    jobs: 0,
    access: accessFor({ console: ['jobs:read'] }),
    log: (line) => void lines.push(JSON.parse(line)),
  });
  onTestFinished(() => jobyard.close());
  const id = addJob(jobyard, 'kylin');
  jobyard.sandboxes.kylin.faults.add({ fault: { kind: 'answer', status: 503, applied: false } });
  await jobyard.query('query ReadOne ($id: ID!) { job(id: $id) { __typename } }', { id }, { ...as('console'), 'x-request-id': 'r-1' });
  await jobyard.query('{ __typename }', {}, as('console'));
  const line = { level: 30, msg: 'graphql', caller: 'key:console', status: 200, durationMs: expect.any(Number) };
  expect(lines).toMatchObject([
    // One that failed in passing, and its repeat.
    { ...line, requestId: 'r-1', operation: 'ReadOne', vendorRequests: 2 },
    { ...line, requestId: expect.stringMatching(/\S{30}/), operation: null, vendorRequests: 0 },
  ]);
  expect(JSON.stringify(lines)).not.toContain(id);
});
