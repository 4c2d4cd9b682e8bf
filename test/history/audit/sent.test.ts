import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { accessFor, as } from '../../access/callers.ts';
import { addJob, countActions, failReads } from '../../end-to-end/jobs.ts';
import { type StartOptions, startWithSandboxes, systemNames, type WithSandboxes } from '../../start.ts';
import { subjects } from '../../vendors/subjects.ts';

async function start(options: StartOptions = {}): Promise<WithSandboxes> {
  const jobyard = await startWithSandboxes({ jobs: 0, ...options });
  onTestFinished(() => jobyard.close());
  return jobyard;
}

/** Cancels the jobs; what that left in the audit. */
async function cancel(jobyard: WithSandboxes, ids: readonly string[], headers: Record<string, string> = {}) {
  const query = 'mutation Stop ($ids: [ID!]!) { cancelJobs(input: { ids: $ids, reason: "runaway" }) { results { __typename } } }';
  const { errors } = await jobyard.query(query, { ids }, headers);
  const text = readFileSync(jobyard.auditFile, 'utf8');
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  return { errors, lines, events: lines.map(({ audit }) => audit) };
}

test('a denied mutation leaves an entry with the caller, action, jobs, and reason', async () => {
  const jobyard = await start({ access: accessFor({ reader: ['jobs:read'] }) });
  const ids = [addJob(jobyard, 'kinetica'), 'nonsense', ...Array.from({ length: 1_998 }, () => 'kylin:x')];
  const { errors, lines } = await cancel(jobyard, ids, as('reader'));
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(lines).toMatchObject([
    { audit: 'denied', caller: 'key:reader', operation: 'Stop', mutation: 'cancelJobs', reason: 'runaway', message: errors?.[0]?.message },
  ]);
  expect(lines[0]).toMatchObject({ jobIds: ids, jobCount: 2_000 });
  expect(countActions(jobyard, 'kinetica')).toBe(0);
  // Denied reads are no actions.
  await jobyard.query('{ jobSystems { health { status } } }', {}, as('reader'));
  expect((await cancel(jobyard, ['kylin:x'], as('reader'))).events).toEqual(['denied', 'denied']);
});

test.each(systemNames.filter((system) => subjects[system].echo.passthroughSettings))(
  '%s without the credential that it passes through: nothing is recorded as sent',
  async (system) => {
    const settings = subjects[system].echo.passthroughSettings;
    const jobyard = await start({ change: (each) => (each.id === system ? { ...each, credentials: 'passthrough', settings } : each) });
    const id = addJob(jobyard, system);
    const { lines, events } = await cancel(jobyard, [id]);
    expect(events).toEqual(['intent', 'outcome']);
    expect(lines[1].results).toMatchObject([
      { jobId: id, sent: false, outcome: 'SYSTEM_UNAVAILABLE', code: 'VENDOR_AUTHENTICATION_FAILED' },
    ]);
  },
);

test.each(systemNames)('%s behind an open circuit breaker: nothing is recorded as sent', async (system) => {
  const jobyard = await start();
  failReads(jobyard, system, { kind: 'reset', applied: false });
  for (let each = 0; each < 5; each += 1) {
    await jobyard.query('query ($id: ID!) { job(id: $id) { __typename } }', { id: addJob(jobyard, system) });
  }
  const id = addJob(jobyard, system);
  const { lines, events } = await cancel(jobyard, [id]);
  expect(events).toEqual(['intent', 'outcome']);
  expect(lines[1].results).toMatchObject([{ jobId: id, sent: false, outcome: 'SYSTEM_UNAVAILABLE', code: 'SYSTEM_UNAVAILABLE' }]);
});

test.each(systemNames)('%s that refuses connections: nothing is recorded as sent', async (system) => {
  const jobyard = await start();
  const id = addJob(jobyard, system);
  await jobyard.sandboxes[system].close();
  const { lines, events } = await cancel(jobyard, [id]);
  expect(events).toEqual(['intent', 'outcome']);
  expect(lines[1].results).toMatchObject([{ jobId: id, sent: false, code: 'SYSTEM_UNAVAILABLE' }]);
});

test('an action that Vault accepted again after its session had ended is recorded as sent twice', async () => {
  const jobyard = await start();
  const id = addJob(jobyard, 'veeva-vault');
  await jobyard.query('query ($id: ID!) { job(id: $id) { __typename } }', { id });
  jobyard.sandboxes['veeva-vault'].state.sessions.endAll();
  const { lines, events } = await cancel(jobyard, [id]);
  expect(events).toEqual(['intent', 'sent', 'sent', 'outcome']);
  expect(lines[3].results).toEqual([{ jobId: id, sent: true, outcome: 'ACCEPTED' }]);
});
