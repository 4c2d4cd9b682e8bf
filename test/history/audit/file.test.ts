import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, statSync, truncateSync } from 'node:fs';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Actor, createAuditLog } from '../../../src/history/audit-log.ts';
import { type AuditOutput, openAuditOutput } from '../../../src/history/audit-output.ts';
import { createProblem } from '../../../src/jobs/problem.ts';
import { withSystem, writeTemporaryFile } from '../../config/load.ts';
import { runJobyard } from '../../processes.ts';
import { cancelling, linesIn, startAudited } from './audited.ts';

/** Opened for this test. */
function openOutput(file: string): AuditOutput {
  const output = openAuditOutput(file);
  onTestFinished(() => output.close());
  return output;
}
const silent = pino({ level: 'silent' });
const someActor: Actor = { caller: 'anonymous', requestId: 'r', operation: null };

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
    const jobyard = await startAudited();
    onTestFinished(() => jobyard.close());
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
