import { execFileSync } from 'node:child_process';
import { appendFileSync, openSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ActionAudit } from '../../../src/actions/audit.ts';
import { type Actor, createAuditLog } from '../../../src/history/audit-log.ts';
import { type AuditOutput, openAuditOutput } from '../../../src/history/audit-output.ts';
import { createJobService } from '../../../src/job-service/job-service.ts';
import { createProblem } from '../../../src/jobs/problem.ts';
import { accessFor, as } from '../../access/callers.ts';
import { withSystem, writeTemporaryFile } from '../../config/load.ts';
import { addEndedJob, addJob, countActions, failAction, unknownIds } from '../../end-to-end/jobs.ts';
import { findFreePorts, run, runJobyard } from '../../processes.ts';
import { startWithSandboxes, systemNames, type WithSandboxes } from '../../start.ts';

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

/** A named pipe without a reader. */
function makePipe(): string {
  const file = writeTemporaryFile('', 'before').replace(/before$/, 'pipe');
  execFileSync('mkfifo', [file]);
  return file;
}

/** A socket in the file system. */
async function listenAtPath(): Promise<string> {
  const file = writeTemporaryFile('', 'before').replace(/before$/, 'socket');
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => void server.listen(file, resolve));
  return file;
}

/** The lines of one request. */
const linesOf = (requestId: string): Line[] => linesIn(jobyard.auditFile).filter((line) => line.requestId === requestId);

/** Opened for this test. */
function openOutput(file: string): AuditOutput {
  const output = openAuditOutput(file);
  onTestFinished(() => output.close());
  return output;
}
const silent = pino({ level: 'silent' });
const someActor: Actor = { caller: 'anonymous', requestId: 'r', operation: null };

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

describe("if the audit log can't be written", () => {
  const startWith = (file: string) =>
    run('src/main.ts', ['--port', '0', '--config', writeTemporaryFile(`audit: { file: ${file} }\n${withSystem('')}`)]);
  const notRegular = (file: string, kind: string) =>
    `audit.file: expected a regular file, got ${file}, which is ${kind}. Without audit.file, the audit log is written to standard output.\n`;

  test.each([
    ['a folder', () => tmpdir(), (file: string) => notRegular(file, 'a folder')],
    ['a device', () => '/dev/full', (file: string) => notRegular(file, 'a device')],
    ['a named pipe without a reader', makePipe, (file: string) => notRegular(file, 'a named pipe')],
    ['a socket', listenAtPath, (file: string) => notRegular(file, 'a socket')],
    [
      'below a file',
      () => '/dev/null/audit.jsonl',
      (file: string) => `audit.file: expected a file that Jobyard can read and append to, got ${file}, which can't be opened (EEXIST)\n`,
    ],
  ])('from the start (%s): exit 2 and one line', async (_what, make, message) => {
    const file = await make();
    const started = startWith(file);
    expect(await started.exit()).toBe(2);
    expect(started.stderr()).toBe(message(file));
    expect(started.stdout()).toBe('');
  });

  /** A Jobyard over the Kinetica sandbox of this file, and a job to cancel. */
  async function startOverKinetica(audit: string, stdout?: number) {
    const { kinetica } = jobyard.sandboxes;
    const id = `k:${kinetica.state.addJob()}`;
    const system = withSystem(`username: ${kinetica.settings.username}, password: { env: PASSWORD }`).replace(
      'http://h:9191',
      kinetica.url,
    );
    const environment = { PASSWORD: String(kinetica.settings.password) };
    const [port] = stdout === undefined ? [0] : [await findFreePorts(1)];
    const file = writeTemporaryFile(`${audit}\n${system}`);
    const started =
      stdout === undefined
        ? await runJobyard(['--config', file], environment)
        : run('src/main.ts', ['--port', String(port), '--config', file], environment, stdout);
    const origin = 'origin' in started ? started.origin : `http://127.0.0.1:${port}`;
    const isUp = () =>
      fetch(`${origin}/livez`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(isUp, { timeout: 15_000 }).toBe(true);
    const post = async (query: string, reason?: string) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query, variables: { ids: [id], reason } }),
      });
      return answer.json();
    };
    return { ...started, origin, post };
  }
  const unavailable = {
    data: null,
    errors: [{ message: "Nothing was done: the audit log can't be written. Retry later.", extensions: { code: 'AUDIT_UNAVAILABLE' } }],
  };
  const reading = 'query ($ids: [ID!]!) { jobsByIds(ids: $ids) { ... on Job { status } } }';

  test('because the disk is full: nothing is sent, the caller gets the reason, and reads continue until there is space again', async () => {
    const file = writeTemporaryFile('', 'audit.jsonl');
    const started = await startOverKinetica(`audit: { file: ${file} }`);
    // The limit of a process on the size of its files fails as a full disk does. The store's files are larger than an audit.
    const limit = 64 * 1024 * 1024;
    writeFileSync(file, '{"before":true}\n');
    truncateSync(file, limit - 100);
    appendFileSync(file, '\n');
    execFileSync('prlimit', ['--pid', String(started.child.pid), `--fsize=${limit}:unlimited`]);
    const before = countActions(jobyard, 'kinetica');
    for (const query of [cancelling, cancelling.replace('$dryRun: Boolean! = false', '$dryRun: Boolean! = true')]) {
      expect(await started.post(query)).toMatchObject(unavailable);
    }
    expect(countActions(jobyard, 'kinetica')).toBe(before);
    expect(await started.post(reading)).toMatchObject({ data: { jobsByIds: [{ status: 'RUNNING' }] } });
    await expect.poll(() => started.stdout()).toMatch(/"audit log not written"/);
    expect(started.stdout()).toContain('EFBIG');
    expect(await (await fetch(`${started.origin}/metrics`)).text()).toContain('\njobyard_audit_failures_total 2\n');

    execFileSync('prlimit', ['--pid', String(started.child.pid), '--fsize=unlimited:unlimited']);
    expect(await started.post(cancelling)).toMatchObject({ data: { cancelJobs: { results: [{ __typename: 'CancelSuccess' }] } } });
    const written = readFileSync(file)
      .subarray(limit - 100)
      .toString()
      .split('\n')
      .filter((line) => line !== '');
    // What the full disk left of a line, and then whole lines.
    expect(written[0]).not.toMatch(/\}$/);
    expect(written.slice(1).map((line) => JSON.parse(line).audit)).toEqual(['intent', 'sent', 'outcome']);
  });

  test('because standard output accepts nothing: nothing is sent, and the process continues', async () => {
    const started = await startOverKinetica('', openSync('/dev/full', 'w'));
    const before = countActions(jobyard, 'kinetica');
    for (let each = 0; each < 3; each += 1) expect(await started.post(cancelling)).toMatchObject(unavailable);
    expect(countActions(jobyard, 'kinetica')).toBe(before);
    expect(await started.post(reading)).toMatchObject({ data: { jobsByIds: [{ status: 'RUNNING' }] } });
    started.child.kill('SIGTERM');
    expect(await started.exit()).toBe(0);
    expect(started.stderr()).toBe('');
  });

  test('because the reader of standard output has ended: nothing is sent, and the process continues', async () => {
    const started = await startOverKinetica('');
    started.child.stdout?.destroy();
    const before = countActions(jobyard, 'kinetica');
    for (let each = 0; each < 3; each += 1) expect(await started.post(cancelling)).toMatchObject(unavailable);
    expect(countActions(jobyard, 'kinetica')).toBe(before);
    expect(await started.post(reading)).toMatchObject({ data: { jobsByIds: [{ status: 'RUNNING' }] } });
    started.child.kill('SIGTERM');
    expect(await started.exit()).toBe(0);
  });

  test('because standard output is full: nothing more is sent, reads get responses, and sent actions have their entries', async () => {
    const started = await startOverKinetica('');
    started.child.stdout?.pause();
    const before = countActions(jobyard, 'kinetica');
    const dryRun = cancelling.replace('$dryRun: Boolean! = false', '$dryRun: Boolean! = true');
    const reason = 'x'.repeat(900);
    const filled = async () => (await started.post(dryRun, reason)).errors?.[0]?.extensions.code;
    await expect.poll(filled, { interval: 1, timeout: 50_000 }).toBe('AUDIT_UNAVAILABLE');
    expect(await started.post(cancelling)).toMatchObject(unavailable);
    expect(countActions(jobyard, 'kinetica')).toBe(before);
    expect(await started.post(reading)).toMatchObject({ data: { jobsByIds: [{ status: 'RUNNING' }] } });

    started.child.stdout?.resume();
    const cancelled = async () => (await started.post(cancelling)).data?.cancelJobs.results[0].__typename;
    await expect.poll(cancelled).toBe('CancelSuccess');
    const audits = () =>
      started
        .stdout()
        .split('\n')
        .filter((line) => line.startsWith('{"time"') && line.endsWith('}'));
    await expect
      .poll(() =>
        audits()
          .map((line) => JSON.parse(line).audit)
          .slice(-3),
      )
      .toEqual(['intent', 'sent', 'outcome']);
    // Each line is whole, but for the one that was cut off when it was full.
    const isWhole = (line: string): boolean => {
      try {
        JSON.parse(line);
        return true;
      } catch {
        return false;
      }
    };
    const lines = started
      .stdout()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.filter((line) => !isWhole(line)).length).toBeLessThanOrEqual(1);
  });

  const operationWith = (audit: ActionAudit) =>
    createJobService({
      caller: 'test',
      systems: jobyard.systems,
      permissions: {
        mayRead: () => true,
        mayReadRaw: () => true,
        mayReadLogs: () => true,
        mayAct: () => true,
        mayReadEvents: () => true,
        maySeeSystem: () => true,
      },
      audit,
      readSignal: AbortSignal.timeout(10_000),
      actSignal: AbortSignal.timeout(10_000),
      sendSignal: AbortSignal.timeout(8_000),
    });

  test('right before an action is sent: it is not sent, job by job', async () => {
    const ids = systemNames.map((system) => addJob(jobyard, system));
    const before = systemNames.map((system) => countActions(jobyard, system));
    const audit: ActionAudit = {
      recordIntent: () => {},
      recordSent: () => {
        throw new Error('The disk is full');
      },
      recordOutcomes: () => {},
      recordDenial: () => {},
    };
    const results = await operationWith(audit).performAction('CANCEL', ids, { dryRun: false, reason: null });
    for (const [index, result] of results.entries()) {
      const message = `Not sent to ${systemNames[index]}: the audit log can't be written.`;
      expect(result).toMatchObject({ outcome: 'NOT_ATTEMPTED', problem: { code: 'NOT_ATTEMPTED', message } });
    }
    expect(systemNames.map((system) => countActions(jobyard, system))).toEqual(before);
  });

  test('after the action: the caller gets the outcome, and the log has the entry', async () => {
    const id = addJob(jobyard, 'kinetica');
    const logged: Line[] = [];
    const logger = pino({}, { write: (line) => void logged.push(JSON.parse(line)) });
    const output: AuditOutput = {
      append: () => {
        throw new Error('The disk is full');
      },
      reopen: () => null,
      close() {},
    };
    let failures = 0;
    const onFailure = () => {
      failures += 1;
    };
    const failing = createAuditLog({ output, onFailure, logger })({ caller: 'key:operator', requestId: 'r', operation: null });
    const audit: ActionAudit = {
      recordIntent: () => {},
      recordSent: () => {},
      recordOutcomes: failing.recordOutcomes,
      recordDenial: () => {},
    };
    const results = await operationWith(audit).performAction('CANCEL', [id], { dryRun: false, reason: null });
    expect(results).toMatchObject([{ outcome: 'CONFIRMED' }]);
    expect(failures).toBe(1);
    expect(logged).toMatchObject([
      {
        msg: 'audit log not written',
        audit: 'outcome',
        caller: 'key:operator',
        requestId: 'r',
        results: [{ jobId: id, outcome: expect.any(String) }],
      },
    ]);
  });
});

describe('the file', () => {
  const sendTo = (output: AuditOutput, requestId: string): void =>
    createAuditLog({ output, onFailure: () => {}, logger: silent })({ ...someActor, requestId }).recordSent('batch', ['a:1']);

  test("is its owner's alone, as are the folders that are made for it, and a restart appends to it", () => {
    const folder = writeTemporaryFile('', 'before').replace(/before$/, 'new');
    const file = `${folder}/folder/audit.jsonl`;
    for (const requestId of ['first', 'second']) sendTo(openOutput(file), requestId);
    expect([folder, `${folder}/folder`, file].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700, 0o600]);
    expect(linesIn(file).map(({ requestId }) => requestId)).toEqual(['first', 'second']);
  });

  test('that ends in half a line, after a crash, gets a newline first', () => {
    const file = writeTemporaryFile('{"whole":true}\n{"time":"2026', 'audit.jsonl');
    sendTo(openOutput(file), 'after');
    expect(readFileSync(file, 'utf8').split('\n').slice(0, 2)).toEqual(['{"whole":true}', '{"time":"2026']);
    expect(JSON.parse(String(readFileSync(file, 'utf8').split('\n')[2]))).toMatchObject({ requestId: 'after' });
  });

  test('is opened again by its name after a rotation; the renamed file is complete', () => {
    const file = writeTemporaryFile('', 'audit.jsonl');
    const output = openOutput(file);
    sendTo(output, 'before');
    renameSync(file, `${file}.1`);
    sendTo(output, 'renamed');
    expect(output.reopen()).toBeNull();
    sendTo(output, 'after');
    expect(linesIn(`${file}.1`).map(({ requestId }) => requestId)).toEqual(['before', 'renamed']);
    expect(linesIn(file).map(({ requestId }) => requestId)).toEqual(['after']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("keeps the old file if it can't be reopened, and returns the reason", () => {
    const file = writeTemporaryFile('', 'audit.jsonl');
    const output = openOutput(file);
    renameSync(file, `${file}.1`);
    execFileSync('mkfifo', [file]);
    expect(output.reopen()).toContain(`${file}, which is a named pipe`);
    sendTo(output, 'after');
    expect(linesIn(`${file}.1`).map(({ requestId }) => requestId)).toEqual(['after']);
  });

  test('that was copied and truncated is appended to at its new end', () => {
    const file = writeTemporaryFile('', 'audit.jsonl');
    const output = openOutput(file);
    sendTo(output, 'before');
    truncateSync(file, 0);
    sendTo(output, 'after');
    expect(linesIn(file).map(({ requestId }) => requestId)).toEqual(['after']);
  });

  test('bounds the values of callers and vendors in an entry, and the log lines about failed writes', () => {
    const file = writeTemporaryFile('', 'audit.jsonl');
    const long = '\u0001'.repeat(100_000);
    const actor = { caller: `jwt:${long}`, requestId: 'r', operation: long };
    const write = (output: AuditOutput, logger = silent): void => {
      const audit = createAuditLog({ output, onFailure: () => {}, logger })(actor);
      audit.recordDenial({ mutation: 'cancelJobs', jobIds: [long], jobCount: 1, reason: long, message: long });
      audit.recordOutcomes('batch', [
        {
          jobId: long,
          sentAt: null,
          sharedWith: null,
          result: { outcome: 'JOB_NOT_FOUND', problem: createProblem('JOB_NOT_FOUND', long) },
        },
      ]);
      audit.recordDenial({
        mutation: 'cancelJobs',
        jobIds: Array.from({ length: 100_000 }, () => long),
        jobCount: 100_000,
        reason: long,
        message: long,
      });
    };
    write(openOutput(file));
    const [refused, settled, many] = readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, 3)
      .map((text) => ({ text, line: JSON.parse(text) }));
    expect(refused?.line.reason).toBe(`${long.slice(0, 999)}…`);
    expect(refused?.line.jobIds).toEqual([`${long.slice(0, 999)}…`]);
    expect(settled?.line.results[0].message).toHaveLength(1_000);
    expect(refused?.text.length).toBeLessThan(50_000);
    expect(many?.line.jobIds).toHaveLength(2_001);
    expect(many?.line.jobIds.at(-1)).toBe('… 98000 more');
    expect(many?.text.length).toBeLessThan(4 * 1024 * 1024);

    let logged = 0;
    const fails = (): never => {
      throw new Error('full');
    };
    const count = (line: string): void => {
      logged += line.length;
    };
    write({ append: fails, reopen: () => null, close() {} }, pino({}, { write: count }));
    expect(logged).toBeLessThan(4 * 1024 * 1024);
  });

  test('is standard output if no file is configured', async () => {
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
      ['intent', 'anonymous'],
      ['sent', 'anonymous'],
      ['outcome', 'anonymous'],
    ]);
  });
});
