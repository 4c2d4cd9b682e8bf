import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { as } from '../../access/callers.ts';
import { addEndedJob, addJob, countActions, failAction, unknownIds } from '../../end-to-end/jobs.ts';
import { systemNames, type WithSandboxes } from '../../start.ts';
import { cancelling, type Line, linesIn, startAudited } from './audited.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startAudited();
});
afterAll(() => jobyard.close());
beforeEach(() => {
  for (const sandbox of Object.values(jobyard.sandboxes)) sandbox.faults.clear();
});

/** The lines of one request. */
const linesOf = (requestId: string): Line[] => linesIn(jobyard.auditFile).filter((line) => line.requestId === requestId);

let requests = 0;
async function act(operation: string, variables: Record<string, unknown>, caller = 'operator') {
  requests += 1;
  const requestId = `audit-test-${requests}`;
  const answer = await jobyard.query(operation, variables, { ...as(caller), 'x-request-id': requestId });
  return { ...answer, requestId, lines: linesOf(requestId) };
}

describe('an action leaves in the audit', () => {
  test('records the caller, time, request, jobs, reason, requests, and outcomes', async () => {
    const ids = systemNames.map((system) => addJob(jobyard, system));
    const startedAtMs = Date.now();
    const { lines, requestId } = await act(cancelling, { ids: [...ids, ids[0]], reason: 'runaway' });
    for (const line of lines) {
      expect(line).toMatchObject({ caller: 'key:operator', requestId, operation: 'Stop' });
      expect(new Date(line.time).toISOString()).toBe(line.time);
      expect(Date.parse(line.time)).toBeGreaterThanOrEqual(startedAtMs);
    }
    for (const [index, system] of systemNames.entries()) {
      const jobIds = [ids[index]];
      const intent = lines.find((line) => line.audit === 'intent' && line.systemId === system);
      expect(intent).toMatchObject({ systemId: system, action: 'CANCEL', jobIds, dryRun: false, reason: 'runaway' });
      const ofBatch = lines.filter(({ actionId }) => actionId === intent?.actionId);
      expect(ofBatch.map(({ audit }) => audit)).toEqual(['intent', 'sent', 'outcome']);
      expect(ofBatch[1]).toMatchObject({ jobIds });
      expect(ofBatch[2]).toMatchObject({
        results: [{ jobId: ids[index], sent: true, outcome: expect.stringMatching(/^(CONFIRMED|ACCEPTED)$/) }],
      });
    }
    expect(lines).toHaveLength(3 * systemNames.length);
  });

  test.each(['pause', 'resume', 'restart'])('also %s', async (action) => {
    const id = addJob(jobyard, 'kylin');
    const { lines } = await act(`mutation ($ids: [ID!]!) { a: ${action}Jobs(input: { ids: $ids }) { results { __typename } } }`, {
      ids: [id],
    });
    expect(lines[0]).toMatchObject({ audit: 'intent', action: action.toUpperCase(), jobIds: [id], operation: null, reason: null });
    expect(lines.at(-1)).toMatchObject({ audit: 'outcome', results: [{ jobId: id }] });
  });

  test('a line for each vendor request that is made for it', async () => {
    const vaultIds = jobyard.sandboxes['veeva-vault'].state.addJobs(600, { frozen: true }).map((id) => `veeva-vault:${id}`);
    const others = [
      addJob(jobyard, 'aodocs'),
      addJob(jobyard, 'aodocs'),
      addJob(jobyard, 'aodocs'),
      addJob(jobyard, 'kylin'),
      addJob(jobyard, 'kylin'),
    ];
    const before = systemNames.map((system) => countActions(jobyard, system));
    const { lines } = await act(cancelling, { ids: [...vaultIds, ...others] });
    for (const [index, system] of systemNames.entries()) {
      const sent = lines.filter((line) => line.audit === 'sent' && line.jobIds[0].startsWith(`${system}:`));
      expect(sent).toHaveLength(countActions(jobyard, system) - (before[index] ?? 0));
      if (system === 'veeva-vault') expect(sent.map(({ jobIds }) => jobIds.length)).toEqual([500, 100]);
    }
    expect(lines.filter(({ audit }) => audit === 'intent').flatMap(({ jobIds }) => jobIds)).toHaveLength(605);
    expect(lines.filter(({ audit }) => audit === 'outcome').flatMap(({ results }) => results)).toHaveLength(605);
  });

  test('a dry run as one, with nothing sent', async () => {
    const id = addJob(jobyard, 'kinetica');
    const { lines } = await act(cancelling, { ids: [id], dryRun: true });
    expect(lines.map(({ audit }) => audit)).toEqual(['intent', 'outcome']);
    expect(lines[0]).toMatchObject({ dryRun: true });
    expect(lines[1]).toMatchObject({ results: [{ jobId: id, sent: false, outcome: 'DRY_RUN_PASSED' }] });
  });

  test('denied actions, with nothing sent', async () => {
    const ids = [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kylin')];
    const { lines } = await act(cancelling, { ids, reason: 'try' }, 'half');
    const [batch] = lines.filter((line) => line.audit === 'intent' && line.systemId === 'kinetica');
    expect(batch).toMatchObject({ caller: 'key:half', jobIds: [ids[0]], reason: 'try' });
    const ofBatch = lines.filter(({ actionId }) => actionId === batch?.actionId);
    expect(ofBatch.map(({ audit }) => audit)).toEqual(['intent', 'outcome']);
    expect(ofBatch[1]).toMatchObject({ results: [{ jobId: ids[0], sent: false, outcome: 'ACCESS_DENIED', code: 'ACCESS_DENIED' }] });
  });

  test('records unknown outcomes, rejections, and missing jobs', async () => {
    const lost = addJob(jobyard, 'aodocs');
    failAction(jobyard, 'aodocs', { kind: 'reset', applied: false });
    const ended = addEndedJob(jobyard, 'kylin');
    const { lines } = await act(cancelling, { ids: [lost, ended, unknownIds.kinetica] });
    const results = new Map(
      lines.filter(({ audit }) => audit === 'outcome').flatMap((line) => line.results.map((result: Line) => [result.jobId, result])),
    );
    expect(results.get(lost)).toMatchObject({
      sent: true,
      outcome: 'OUTCOME_UNKNOWN',
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringMatching(/\w/),
    });
    expect(results.get(ended)).toMatchObject({ sent: false, outcome: 'ACTION_NOT_ALLOWED', code: 'WRONG_STATUS' });
    expect(results.get(unknownIds.kinetica)).toMatchObject({ outcome: 'JOB_NOT_FOUND', code: 'JOB_NOT_FOUND' });
  });

  test('writes one line per entry, for any reason and name', async () => {
    const id = addJob(jobyard, 'kinetica');
    const reason = `a\n{"audit":"outcome","caller":"key:forged"}\r\n\u2028"\\${'x'.repeat(900)}`;
    const before = linesIn(jobyard.auditFile).length;
    const { lines } = await act(cancelling, { ids: [id], reason, dryRun: true });
    expect(lines[0]).toMatchObject({ reason, caller: 'key:operator' });
    expect(linesIn(jobyard.auditFile)).toHaveLength(before + 2);
    expect(readFileSync(jobyard.auditFile, 'utf8')).not.toContain('\n{"audit":"outcome","caller":"key:forged"}');
  });

  test('nothing of reads', async () => {
    const before = linesIn(jobyard.auditFile).length;
    await jobyard.query('{ jobs(first: 5) { nodes { id } } }', {}, as('reader'));
    expect(linesIn(jobyard.auditFile)).toHaveLength(before);
  });
});

describe('the order', () => {
  test.each(systemNames)(
    'on %s: the intent and the sent jobs are written before the vendor request, the outcome after it',
    async (system) => {
      const id = addJob(jobyard, system);
      failAction(jobyard, system, { kind: 'slow', ms: 700 });
      const before = countActions(jobyard, system);
      const cancelled = act(cancelling, { ids: [id] });
      const requestId = `audit-test-${requests}`;
      await expect.poll(() => countActions(jobyard, system), { interval: 5 }).toBe(before + 1);
      expect(linesOf(requestId).map(({ audit }) => audit)).toEqual(['intent', 'sent']);
      expect((await cancelled).lines.map(({ audit }) => audit)).toEqual(['intent', 'sent', 'outcome']);
    },
  );

  test.each(systemNames)('on %s: the outcome is recorded even if the caller disconnects', async (system) => {
    const id = addJob(jobyard, system);
    failAction(jobyard, system, { kind: 'slow', ms: 500 });
    const before = countActions(jobyard, system);
    const requestId = `gone-${system}`;
    const headers = { 'content-type': 'application/json', 'x-request-id': requestId, ...as('operator') };
    const sent = request(`${jobyard.origin}/graphql`, { method: 'POST', headers });
    sent.on('error', () => {});
    sent.end(JSON.stringify({ query: cancelling, variables: { ids: [id], reason: 'gone' } }));
    await expect.poll(() => countActions(jobyard, system), { interval: 5 }).toBe(before + 1);
    sent.destroy();
    expect(linesOf(requestId).map(({ audit }) => audit)).toEqual(['intent', 'sent']);
    await expect.poll(() => linesOf(requestId).map(({ audit }) => audit), { timeout: 5000 }).toEqual(['intent', 'sent', 'outcome']);
    expect(linesOf(requestId)[2]).toMatchObject({ results: [{ jobId: id, outcome: expect.stringMatching(/^(CONFIRMED|ACCEPTED)$/) }] });
    expect(countActions(jobyard, system)).toBe(before + 1);
  });
});
