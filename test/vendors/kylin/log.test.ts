import { describe, expect, it } from 'vitest';
import { createReadLog, readMessages } from '../read-log.ts';
import { minuteMs, nowMs, start } from './setup.ts';

const failed = { state: 'ERROR', createTime: nowMs - 60 * minuteMs, startTime: nowMs - 59 * minuteMs, type: 'INC_BUILD' } as const;

describe('The log of a step', () => {
  it('has the lines of its output, without times and severities', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob(failed);
    const page = await createReadLog(adapter)(id, { stepId: `${id}_00`, minSeverity: 'ERROR' });
    expect(page?.lines).toEqual(
      ['line 1', 'line 2', 'line 3', 'Detect Resource: SUCCEED'].map((text) => ({
        loggedAt: null,
        severity: null,
        message: `INFO  [${id}] ${text}`,
        source: null,
        stepId: `${id}_00`,
        truncated: false,
      })),
    );
    expect(page).toMatchObject({ hasNextPage: false, problem: null });
  });

  it('that is longer than 200 lines is only a sample, which is said', async () => {
    const { sandbox, adapter } = await start({ stepLogLines: 1_000 });
    const id = sandbox.state.addJob(failed);
    const page = await createReadLog(adapter)(id, { stepId: `${id}_00`, first: 500 });
    expect(page?.lines).toHaveLength(200);
    expect(page?.problem).toMatchObject({ code: 'INCOMPLETE_LOG', message: expect.stringMatching(/first 100 and the last 100 lines/) });
    expect(page?.lines.map(({ message }) => message)).not.toContainEqual(expect.stringMatching(/====/));
  });

  it('is null if its file is missing, for a step that the job does not have, and for a stage', async () => {
    const { sandbox, adapter } = await start({ stepLogs: 'missing' });
    const id = sandbox.state.addJob(failed);
    const readLog = createReadLog(adapter);
    expect(await readLog(id, { stepId: `${id}_00` })).toBeNull();
    sandbox.requests.clear();
    expect(await readLog(id, { stepId: `${id}_77` })).toBeNull();
    // Kylin's error for it is HTTP 500, which is not worth a retry.
    expect(sandbox.requests.all().filter(({ target }) => target.includes('/output'))).toHaveLength(1);
    sandbox.requests.clear();
    expect(await readLog(id, { stepId: `${id}_01_02` })).toBeNull();
    expect(sandbox.requests.all().filter(({ target }) => target.includes('/output'))).toHaveLength(0);
  });
});

describe('The log of a job', () => {
  it('has the logs of the steps that have started, in order, for one request more than those', async () => {
    const { sandbox, adapter } = await start({ stepLogLines: 2 });
    const id = sandbox.state.addJob(failed);
    sandbox.requests.clear();
    const readLog = createReadLog(adapter);
    const page = await readLog(id);
    expect([...new Set(page?.lines.map(({ stepId }) => stepId))]).toEqual([`${id}_00`, `${id}_01`]);
    expect(page?.lines.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^org\.apache|^java\./));
    const paths = sandbox.requests.all().map(({ target }) => target.replace(/\?.*/, '').replace(`/kylin/api/jobs/${id}`, ''));
    expect(paths.filter((path) => !path.endsWith('/jobs'))).toEqual(['/detail', `/steps/${id}_00/output`, `/steps/${id}_01/output`]);
    expect(await readMessages(readLog, id, { first: 1 })).toEqual(page?.lines.map(({ message }) => message));
  });

  it('continues while it grows: a step follows when the one before it has ended', async () => {
    const { sandbox, adapter } = await start({ stepLogLines: 1 });
    const id = sandbox.state.addJob({ state: 'RUNNING', type: 'INC_BUILD', startTime: nowMs, runMs: 30 * minuteMs, mishap: null });
    const readLog = createReadLog(adapter);
    sandbox.clock.advance(1);
    const first = await readLog(id);
    expect(new Set(first?.lines.map(({ stepId }) => stepId))).toEqual(new Set([`${id}_00`]));
    sandbox.clock.advance(60 * minuteMs);
    const rest = await readMessages(readLog, id, { after: first?.endCursor() ?? null });
    expect(rest.some((message) => message.includes('Update Metadata'))).toBe(true);
  });

  it('is empty for a job that has not started', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'PAUSED', startTime: 0 });
    expect(await createReadLog(adapter)(id)).toMatchObject({ lines: [], hasNextPage: false, problem: null });
  });

  it('keeps the lines before a step whose log can not be read', async () => {
    const { sandbox, adapter } = await start({ stepLogLines: 1 });
    const id = sandbox.state.addJob(failed);
    const fault = { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>', applied: false } as const;
    sandbox.faults.add({ path: `_01/output`, fault, times: 'always' });
    const page = await createReadLog(adapter)(id);
    expect(page?.lines).toHaveLength(2);
    expect(page).toMatchObject({ hasNextPage: true, problem: { code: 'INVALID_VENDOR_RESPONSE' } });
  });
});
