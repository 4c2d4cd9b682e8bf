import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { limitsSchema } from '../../src/config/limits.ts';
import type { AuditOutput } from '../../src/history/audit-output.ts';
import { accessFor, as } from '../access/callers.ts';
import type { WithSandboxes } from '../start.ts';
import { controlBulk, readOperation, startBulk, startBulkWorld, waitForEnd } from './start-bulk.ts';

const timeout = 120_000;
const all = ['jobs:read', 'jobs:cancel', 'jobs:operate', 'systems:read', 'audit:read'];

async function startWorld(callers: Record<string, string[]>, auditOutput?: AuditOutput) {
  const jobyard = await startBulkWorld(
    { access: accessFor({ ...callers, admin: all }), ...(auditOutput && { auditOutput }) },
    { waitsForStore: false },
  );
  const asAdmin: Pick<WithSandboxes, 'query'> = { query: (query, variables) => jobyard.query(query, variables, as('admin')) };
  const isReady = async () => (await startBulk(asAdmin, { filter: { owners: ['nobody'] } })).code !== 'STORE_UNAVAILABLE';
  await expect.poll(isReady, { timeout: 60_000 }).toBe(true);
  return { jobyard, asAdmin };
}

/** Who each item was done for, by its event. */
async function readCallers(asAdmin: Pick<WithSandboxes, 'query'>, id: string): Promise<string[]> {
  const query = `query($id: ID!) { jobEvents(first: 500, filter: { bulkOperationId: $id, kind: ACTION }) { nodes { caller outcome } } }`;
  const { data } = await asAdmin.query(query, { id });
  return data.jobEvents.nodes.map(({ caller, outcome }: { caller: string; outcome: string }) => `${caller} ${outcome}`).toSorted();
}

const controlsQuery = 'query($id: ID!) { bulkOperation(id: $id) { startedBy commands { command caller requestId recordedAt } } }';

test('sends on behalf of the caller that resumed it, as the events, the audit log, and the commands show', {
  timeout,
}, async () => {
  const { jobyard, asAdmin } = await startWorld({ ana: all, bea: all, reader: ['jobs:read', 'systems:read', 'jobs:cancel@kinetica'] });
  const { state, requests } = jobyard.sandboxes.aodocs;
  for (let index = 0; index < 6; index += 1) state.addJob({ status: 'IN_PROGRESS' });
  const { id } = await startBulk(jobyard, { filter: { systemIds: ['aodocs'] }, maxPerSecond: 4 }, as('ana'));
  const sends = () => requests.count('POST', '/cancel');
  await expect.poll(sends, { timeout: 10_000, interval: 10 }).toBeGreaterThanOrEqual(1);
  expect(await controlBulk(jobyard, 'suspendBulkOperation', id, { ...as('bea'), 'x-request-id': 'suspend-it' })).toMatchObject({
    status: 'SUSPENDED',
  });
  const byAna = sends();
  expect(await controlBulk(jobyard, 'resumeBulkOperation', id, as('reader'))).toMatchObject({
    code: 'ACCESS_DENIED',
    systemProblems: [{ systemId: 'aodocs' }],
  });
  expect(await controlBulk(jobyard, 'resumeBulkOperation', id, { ...as('bea'), 'x-request-id': 'go-on' })).toMatchObject({
    status: 'RUNNING',
    startedBy: 'key:ana',
  });
  expect(await waitForEnd(asAdmin, id)).toMatchObject({ status: 'SUCCEEDED' });
  const callers = await readCallers(asAdmin, id);
  const ofAna = callers.filter((text) => text === 'key:ana CONFIRMED');
  // At this pace one may have been on its way.
  expect(ofAna.length).toBeGreaterThanOrEqual(byAna);
  expect(ofAna.length).toBeLessThanOrEqual(byAna + 1);
  expect(callers).toEqual([...ofAna, ...Array.from({ length: 6 - ofAna.length }, () => 'key:bea CONFIRMED')]);
  const { data } = await asAdmin.query(controlsQuery, { id });
  expect(data.bulkOperation).toEqual({
    startedBy: 'key:ana',
    commands: [
      { command: 'RESUME', caller: 'key:bea', requestId: 'go-on', recordedAt: expect.any(String) },
      { command: 'SUSPEND', caller: 'key:bea', requestId: 'suspend-it', recordedAt: expect.any(String) },
    ],
  });
  const lines = readFileSync(jobyard.auditFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ audit }) => audit === 'command')).toMatchObject([
    { caller: 'key:bea', requestId: 'suspend-it', command: 'SUSPEND', bulkOperationId: id },
    { caller: 'key:bea', requestId: 'go-on', command: 'RESUME', bulkOperationId: id },
  ]);
  const sentBy = lines.filter(({ audit }) => audit === 'sent').map(({ caller }) => caller);
  expect(new Set(sentBy)).toEqual(new Set(['key:ana', 'key:bea']));
});

test('retries failed items with the permissions of the caller that retries them', { timeout }, async () => {
  const { jobyard, asAdmin } = await startWorld({ half: ['jobs:read', 'jobs:cancel@kylin', 'systems:read'] });
  const { aodocs, kylin } = jobyard.sandboxes;
  aodocs.state.addJob({ status: 'IN_PROGRESS' });
  kylin.state.addJob();
  const { id } = await startBulk(jobyard, { filter: { systemIds: ['aodocs', 'kylin'] } }, as('half'));
  expect(await waitForEnd(asAdmin, id)).toMatchObject({ counts: { succeeded: 1, failed: 1 } });
  expect(await controlBulk(jobyard, 'retryFailedBulkItems', id, as('admin'))).toMatchObject({ status: 'RUNNING' });
  expect(await waitForEnd(asAdmin, id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await readCallers(asAdmin, id)).toEqual(['key:admin CONFIRMED', 'key:half ACCESS_DENIED', 'key:half CONFIRMED']);
  // Now it performs actions for which they lack the scope.
  expect(await controlBulk(jobyard, 'retryFailedBulkItems', id, as('half'))).toMatchObject({ code: 'ACCESS_DENIED' });
});

/** Accepts entries until it is full. */
function createAuditOutput(): AuditOutput & { isFull: boolean } {
  return {
    isFull: false,
    append() {
      if (this.isFull) throw new Error('ENOSPC: no space left on device');
    },
    reopen: () => null,
    close() {},
  };
}

test("applies no command if the audit log can't be written", { timeout }, async () => {
  const auditOutput = createAuditOutput();
  const { jobyard, asAdmin } = await startWorld({}, auditOutput);
  // The first is sent at once, the second 100 seconds later.
  for (let job = 0; job < 2; job += 1) jobyard.sandboxes.aodocs.state.addJob({ status: 'IN_PROGRESS' });
  const { id } = await startBulk(asAdmin, { filter: { systemIds: ['aodocs'] }, maxPerSecond: 0.01 });
  await expect.poll(async () => (await readOperation(asAdmin, id)).status).toBe('RUNNING');
  auditOutput.isFull = true;
  const { errors } = await asAdmin.query('mutation($id: ID!) { cancelBulkOperation(id: $id) { __typename } }', { id });
  expect(errors).toMatchObject([{ extensions: { code: 'AUDIT_UNAVAILABLE' } }]);
  expect(await readOperation(asAdmin, id)).toMatchObject({ status: 'RUNNING' });
  expect((await asAdmin.query(controlsQuery, { id })).data.bulkOperation.commands).toEqual([]);
});

test("continues for a caller whose key is removed or narrowed, and rejects that caller's commands", { timeout }, async () => {
  const { jobyard, asAdmin } = await startWorld({ gone: all });
  const { state, requests } = jobyard.sandboxes.aodocs;
  for (let index = 0; index < 6; index += 1) state.addJob({ status: 'IN_PROGRESS' });
  const { id } = await startBulk(jobyard, { filter: { systemIds: ['aodocs'] }, maxPerSecond: 4 }, as('gone'));
  await expect.poll(() => requests.count('POST', '/cancel'), { timeout: 10_000, interval: 10 }).toBeGreaterThanOrEqual(1);
  const limits = { ...limitsSchema.parse({}), introspection: true };
  await jobyard.reload({ access: accessFor({ admin: all }), limits, allowedOrigins: [], systems: [] });
  expect(requests.count('POST', '/cancel')).toBeLessThan(6);
  const cancel = 'mutation ($id: ID!) { cancelBulkOperation(id: $id) { __typename } }';
  expect((await jobyard.query(cancel, { id }, as('gone'))).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(await waitForEnd(asAdmin, id)).toMatchObject({ status: 'SUCCEEDED', startedBy: 'key:gone' });
  expect(await readCallers(asAdmin, id)).toEqual(Array.from({ length: 6 }, () => 'key:gone CONFIRMED'));
  const narrowed = accessFor({ gone: ['jobs:read', 'systems:read', 'jobs:cancel@kinetica'], admin: all });
  await jobyard.reload({ access: narrowed, limits, allowedOrigins: [], systems: [] });
  expect(await controlBulk(jobyard, 'retryFailedBulkItems', id, as('gone'))).toMatchObject({ code: 'ACCESS_DENIED' });
});
