import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openAuditLog } from '../../src/audit/audit-log.ts';
import type { ActionAudit } from '../../src/jobs/audit.ts';
import { createJobOperation } from '../../src/jobs/operation.ts';
import { accessFor, as } from '../access/callers.ts';
import { withSystem, writeTemporaryFile } from '../config/load.ts';
import { addEndedJob, addJob, countActions, failAction, systemNames, unknownIds } from '../end-to-end/jobs.ts';
import { run, runJobyard } from '../processes.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

// biome-ignore lint/suspicious/noExplicitAny: each kind of line has fields of its own
type Line = Record<string, any>;

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({
    jobs: 5,
    access: accessFor({
      operator: ['jobs:read', 'jobs:cancel', 'jobs:operate'],
      half: ['jobs:read', 'jobs:cancel@kylin', 'jobs:operate@kylin'],
      reader: ['jobs:read'],
    }),
  });
});
afterAll(() => jobyard.close());
beforeEach(() => {
  for (const sandbox of Object.values(jobyard.sandboxes)) sandbox.faults.clear();
});

const linesIn = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** The lines of one request. */
const linesOf = (requestId: string): Line[] => linesIn(jobyard.auditFile).filter((line) => line.requestId === requestId);

const cancelling = `mutation Stop ($ids: [ID!]!, $reason: String, $dryRun: Boolean! = false) {
  cancelJobs(input: { ids: $ids, reason: $reason, dryRun: $dryRun }) { results { __typename } }
}`;
let requests = 0;
async function act(operation: string, variables: Record<string, unknown>, caller = 'operator') {
  requests += 1;
  const requestId = `audit-test-${requests}`;
  const answer = await jobyard.query(operation, variables, { ...as(caller), 'x-request-id': requestId });
  return { ...answer, requestId, lines: linesOf(requestId) };
}

describe('an action leaves in the audit', () => {
  test('who, when, in what request, which jobs, why, what was sent and what came of it', async () => {
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
      const ofBatch = lines.filter(({ batchId }) => batchId === intent?.batchId);
      expect(ofBatch.map(({ audit }) => audit)).toEqual(['intent', 'sent', 'outcome']);
      expect(ofBatch[1]).toMatchObject({ jobIds });
      expect(ofBatch[2]).toMatchObject({ results: [{ jobId: ids[index], sent: true, result: expect.stringMatching(/^(DONE|PENDING)$/) }] });
    }
    expect(lines).toHaveLength(12);
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
    const vaultIds = jobyard.sandboxes['veeva-vault'].state.addJobs(600, { held: true }).map((id) => `veeva-vault:${id}`);
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
    expect(lines[1]).toMatchObject({ results: [{ jobId: id, sent: false, result: 'DRY_RUN' }] });
  });

  test('what was denied, with nothing sent', async () => {
    const ids = [addJob(jobyard, 'kinetica'), addJob(jobyard, 'kylin')];
    const { lines } = await act(cancelling, { ids, reason: 'try' }, 'half');
    const [batch] = lines.filter((line) => line.audit === 'intent' && line.systemId === 'kinetica');
    expect(batch).toMatchObject({ caller: 'key:half', jobIds: [ids[0]], reason: 'try' });
    const ofBatch = lines.filter(({ batchId }) => batchId === batch?.batchId);
    expect(ofBatch.map(({ audit }) => audit)).toEqual(['intent', 'outcome']);
    expect(ofBatch[1]).toMatchObject({ results: [{ jobId: ids[0], sent: false, result: 'denied', code: 'ACCESS_DENIED' }] });
  });

  test('an outcome that nobody knows, one that was refused, and a job that is not there, each as it is', async () => {
    const lost = addJob(jobyard, 'aodocs');
    failAction(jobyard, 'aodocs', { kind: 'reset', applied: false });
    const ended = addEndedJob(jobyard, 'kylin');
    const { lines } = await act(cancelling, { ids: [lost, ended, unknownIds.kinetica] });
    const results = new Map(
      lines.filter(({ audit }) => audit === 'outcome').flatMap((line) => line.results.map((result: Line) => [result.jobId, result])),
    );
    expect(results.get(lost)).toMatchObject({
      sent: true,
      result: 'unknown',
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringMatching(/\w/),
    });
    expect(results.get(ended)).toMatchObject({ sent: false, result: 'notAllowed', code: 'WRONG_STATUS' });
    expect(results.get(unknownIds.kinetica)).toMatchObject({ result: 'notFound', code: 'JOB_NOT_FOUND' });
  });

  test('one line each, whatever the reason and the name say', async () => {
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
  test.each(systemNames)('on %s: the intent and what is sent are written before the vendor is asked, the outcome after', async (system) => {
    const id = addJob(jobyard, system);
    failAction(jobyard, system, { kind: 'slow', ms: 700 });
    const before = countActions(jobyard, system);
    const cancelled = act(cancelling, { ids: [id] });
    const requestId = `audit-test-${requests}`;
    await expect.poll(() => countActions(jobyard, system), { interval: 5 }).toBe(before + 1);
    expect(linesOf(requestId).map(({ audit }) => audit)).toEqual(['intent', 'sent']);
    expect((await cancelled).lines.map(({ audit }) => audit)).toEqual(['intent', 'sent', 'outcome']);
  });

  test.each(systemNames)('on %s: a caller who goes away in the middle leaves the outcome behind', async (system) => {
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
    expect(linesOf(requestId)[2]).toMatchObject({ results: [{ jobId: id, result: expect.stringMatching(/^(DONE|PENDING)$/) }] });
    expect(countActions(jobyard, system)).toBe(before + 1);
  });
});

describe('where the audit cannot be written', () => {
  test.each([
    ['a folder', tmpdir(), 'EISDIR'],
    ['below a file', '/dev/null/audit.jsonl', 'EEXIST'],
  ])('from the start (%s): exit 1 and one line', async (_what, file, code) => {
    const started = run('src/main.ts', ['--port', '0', '--config', writeTemporaryFile(`audit: { file: ${file} }\n${withSystem('')}`)]);
    expect(await started.exit()).toBe(1);
    expect(started.stderr()).toBe(`audit.file: expected a file that lines can be appended to, ${file} can't be opened (${code})\n`);
    expect(started.stdout()).toBe('');
  });

  test('any more: nothing is sent, the caller hears why, and reads go on', async () => {
    const { kinetica } = jobyard.sandboxes;
    const id = `k:${kinetica.state.addJob()}`;
    const system = withSystem(`username: ${kinetica.settings.username}, password: { env: PASSWORD }`).replace(
      'http://h:9191',
      kinetica.url,
    );
    // A disk that is always full.
    const started = await runJobyard(['--config', writeTemporaryFile(`audit: { file: /dev/full }\n${system}`)], {
      PASSWORD: String(kinetica.settings.password),
    });
    const post = async (query: string) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${started.origin}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query, variables: { ids: [id] } }),
      });
      return answer.json();
    };
    const before = countActions(jobyard, 'kinetica');
    for (const query of [cancelling, cancelling.replace('$dryRun: Boolean! = false', '$dryRun: Boolean! = true')]) {
      expect(await post(query)).toMatchObject({
        data: null,
        errors: [{ message: "Nothing was done: the audit can't be written.", extensions: { code: 'AUDIT_UNAVAILABLE' } }],
      });
    }
    expect(countActions(jobyard, 'kinetica')).toBe(before);
    expect(await post('query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { status } } }')).toMatchObject({
      data: { jobsByIds: [{ status: 'RUNNING' }] },
    });
    // The log is written a few lines at a time.
    await expect.poll(() => started.stdout()).toMatch(/"audit not written"/);
    expect(started.stdout()).toContain('ENOSPC');
  });

  const operationWith = (audit: ActionAudit) =>
    createJobOperation({
      caller: 'test',
      systems: jobyard.systems,
      permissions: { mayRead: () => true, mayReadRaw: () => true, mayAct: () => true, mayReadEvents: () => true, maySeeSystem: () => true },
      audit,
      readSignal: AbortSignal.timeout(10_000),
      actSignal: AbortSignal.timeout(10_000),
      sendSignal: AbortSignal.timeout(8_000),
    });

  test('right before it is sent: it is not, job by job', async () => {
    const ids = systemNames.map((system) => addJob(jobyard, system));
    const before = systemNames.map((system) => countActions(jobyard, system));
    const audit: ActionAudit = {
      intend: () => {},
      send: () => {
        throw new Error('The disk is full');
      },
      settle: () => {},
      refuse: () => {},
    };
    const results = await operationWith(audit).act('CANCEL', ids, { dryRun: false, reason: null });
    for (const [index, result] of results.entries()) {
      const message = `Not sent to ${systemNames[index]}: the audit can't be written.`;
      expect(result).toMatchObject({ kind: 'notAttempted', problem: { code: 'NOT_ATTEMPTED', message } });
    }
    expect(systemNames.map((system) => countActions(jobyard, system))).toEqual(before);
  });

  test('after it was done: the caller hears the outcome, and the log keeps it', async () => {
    const id = addJob(jobyard, 'kinetica');
    const logged: Line[] = [];
    const logger = pino({}, { write: (line) => void logged.push(JSON.parse(line)) });
    const failing = openAuditLog('/dev/full', logger)({ caller: 'key:operator', requestId: 'r', operation: null });
    const audit: ActionAudit = { intend: () => {}, send: () => {}, settle: failing.settle, refuse: () => {} };
    const results = await operationWith(audit).act('CANCEL', [id], { dryRun: false, reason: null });
    expect(results).toMatchObject([{ kind: 'succeeded' }]);
    expect(logged).toMatchObject([
      {
        msg: 'audit not written',
        audit: 'outcome',
        caller: 'key:operator',
        requestId: 'r',
        results: [{ jobId: id, result: expect.any(String) }],
      },
    ]);
  });
});

describe('the file', () => {
  test("is its owner's alone, and a restart appends to it", () => {
    const file = writeTemporaryFile('', 'before').replace(/before$/, 'new/folder/audit.jsonl');
    for (const requestId of ['first', 'second']) {
      openAuditLog(file, pino({ level: 'silent' }))({ caller: 'anyone', requestId, operation: null }).send('batch', ['a:1']);
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(linesIn(file).map(({ requestId }) => requestId)).toEqual(['first', 'second']);
  });

  test('is standard output where none is configured', async () => {
    const { kinetica } = jobyard.sandboxes;
    const id = `k:${kinetica.state.addJob()}`;
    const system = withSystem(`username: ${kinetica.settings.username}, password: { env: PASSWORD }`).replace(
      'http://h:9191',
      kinetica.url,
    );
    const started = await runJobyard(['--config', writeTemporaryFile(system)], { PASSWORD: String(kinetica.settings.password) });
    await fetch(`${started.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: cancelling, variables: { ids: [id] } }),
    });
    const lines = started
      .stdout()
      .split('\n')
      .filter((line) => line.includes('"audit"'))
      .map((line) => JSON.parse(line));
    expect(lines.map(({ audit, caller }) => [audit, caller])).toEqual([
      ['intent', 'anyone'],
      ['sent', 'anyone'],
      ['outcome', 'anyone'],
    ]);
  });
});
