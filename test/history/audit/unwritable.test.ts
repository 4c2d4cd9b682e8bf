import { execFileSync } from 'node:child_process';
import { appendFileSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ActionAudit } from '../../../src/actions/audit.ts';
import { createAuditLog } from '../../../src/history/audit-log.ts';
import type { AuditOutput } from '../../../src/history/audit-output.ts';
import { createJobService } from '../../../src/job-service/job-service.ts';
import { withSystem, writeTemporaryFile } from '../../config/load.ts';
import { addJob, countActions } from '../../end-to-end/jobs.ts';
import { findFreePorts, run, runJobyard } from '../../processes.ts';
import { systemNames, type WithSandboxes } from '../../start.ts';
import { cancelling, type Line, startAudited } from './audited.ts';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startAudited();
});
afterAll(() => jobyard.close());
beforeEach(() => {
  for (const sandbox of Object.values(jobyard.sandboxes)) sandbox.faults.clear();
});

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
    for (const [index, { result }] of results.entries()) {
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
    expect(results).toMatchObject([{ jobId: id, result: { outcome: 'CONFIRMED' } }]);
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
