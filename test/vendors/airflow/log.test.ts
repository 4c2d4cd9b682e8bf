import { describe, expect, it } from 'vitest';
import { createReadLog, readMessages } from '../read-log.ts';
import { call, connect, minuteMs, start, startSandbox } from './setup.ts';

const ended = { state: 'success', isFrozen: true } as const;

describe('The log of a run', () => {
  it('has the logs of its tasks one after another, each line with its task, its severity, and its logger', async () => {
    const { sandbox, adapter } = await start({ logRows: 5 });
    const id = sandbox.state.addJob(ended);
    const page = await createReadLog(adapter)(id);
    expect(page).toMatchObject({ hasNextPage: false, problem: null });
    const lines = page?.lines ?? [];
    expect([...new Set(lines.map(({ stepId }) => stepId))]).toEqual(['extract', 'transform', 'load']);
    expect(lines.filter(({ stepId }) => stepId === 'extract').map(({ message, severity }) => [message, severity])).toEqual([
      ['DAG bundles loaded: dags-folder', 'INFO'],
      ['Started extract', 'INFO'],
      ['extract: row 1', 'INFO'],
      ['extract: row 2', 'INFO'],
      ['extract: row 3', 'INFO'],
      ['extract: row 4', 'INFO'],
      ['extract: row 5', 'WARNING'],
    ]);
    expect(lines[1]).toMatchObject({ source: 'task.stdout', loggedAt: expect.any(Date), truncated: false });
  });

  it('costs one request for the tasks, and one for each log', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob(ended);
    await adapter.getJobs([id], call);
    sandbox.requests.clear();
    await createReadLog(adapter)(id);
    expect(sandbox.requests.all().map(({ target }) => target.replace(/^.*taskInstances/, '').replace(/\?.*/, ''))).toEqual([
      expect.stringMatching(/dagRuns/),
      '',
      '/extract/logs/1',
      '/transform/logs/1',
      '/load/logs/1',
    ]);
  });

  it.each([1, 2, 5])('has the same lines in pages of %i lines, and in parts behind tokens', async (first) => {
    const { sandbox, adapter } = await start({ logRows: 7, logPageRows: 4 });
    const id = sandbox.state.addJob(ended);
    const readLog = createReadLog(adapter);
    const messages = await readMessages(readLog, id, { first });
    expect(messages).toHaveLength(27);
    expect(new Set(messages).size).toBe(25);
    expect(messages).toEqual(await readMessages(readLog, id, { first: 500 }));
  });

  it('continues while it grows, without skipping or repeating a line: a task follows when the one before it has ended', async () => {
    const { sandbox, adapter } = await start({ logRows: 0 });
    const id = sandbox.state.addJob({ state: 'running' });
    sandbox.clock.advance(minuteMs);
    const readLog = createReadLog(adapter);
    const first = await readLog(id);
    expect(first?.lines.map(({ message }) => message)).toContain('Started extract');
    expect(first?.hasNextPage).toBe(false);
    sandbox.clock.advance(20 * minuteMs);
    const rest = await readMessages(readLog, id, { after: first?.endCursor() ?? null });
    expect(rest.filter((message) => message.startsWith('Started'))).toEqual(['Started transform', 'Started load']);
  });

  it('shows the stack trace of an exception', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ dagId: 'import_legacy', state: 'failed', isFrozen: true });
    const page = await createReadLog(adapter)(id, { minSeverity: 'ERROR' });
    expect(page?.lines).toMatchObject([
      {
        severity: 'ERROR',
        message:
          'Task failed with exception\nTraceback (most recent call last):\n  File "/opt/airflow/dags/import_legacy.py", line 31, in import\nAirflowException: import of import_legacy: the target rejected the data',
      },
    ]);
  });

  it('is empty for a run that has not started', async () => {
    const { sandbox, adapter } = await start();
    expect(await createReadLog(adapter)(sandbox.state.addJob({ isFrozen: true }))).toMatchObject({ lines: [], hasNextPage: false });
  });
});

describe('The log of a task', () => {
  it('has all tries, from the first to the last', async () => {
    const { sandbox, adapter } = await start({ logRows: 1 });
    const id = sandbox.state.addJob({ dagId: 'publish_report', state: 'running' });
    sandbox.clock.advance(60 * minuteMs);
    const messages = await readMessages(createReadLog(adapter), id, { stepId: 'send', first: 2 });
    expect(messages.filter((message) => message === 'Started send')).toHaveLength(2);
    expect(messages.filter((message) => message.startsWith('Task failed'))).toHaveLength(1);
  });

  it('is that of one instance of a mapped task', async () => {
    const { sandbox, adapter } = await start({ logRows: 1 });
    const id = sandbox.state.addJob({ dagId: 'train_model', ...ended });
    sandbox.requests.clear();
    const page = await createReadLog(adapter)(id, { stepId: 'train/2' });
    expect(page?.lines.at(-1)).toMatchObject({ stepId: 'train/2', message: 'train: row 1' });
    expect(sandbox.requests.all().map(({ target }) => target)).toContainEqual(expect.stringMatching(/logs\/1\?map_index=2/));
  });

  it('is null if the task has not started, or the run no longer has it', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ isFrozen: true });
    const readLog = createReadLog(adapter);
    expect(await readLog(id, { stepId: 'load' })).toBeNull();
    expect(await readLog(id, { stepId: 'removed' })).toBeNull();
  });

  it('says which try is gone, and continues with the next one', async () => {
    const { sandbox, adapter } = await start({ logs: 'gone' });
    const id = sandbox.state.addJob(ended);
    const page = await createReadLog(adapter)(id, { stepId: 'extract' });
    expect(page).toMatchObject({
      lines: [],
      hasNextPage: false,
      problem: { code: 'INCOMPLETE_LOG', message: 'checked: Airflow no longer has the log of try 1 of extract.' },
    });
  });
});

describe('A hostile log', () => {
  it('that never ends costs at most 10 requests per page', async () => {
    const { sandbox, adapter } = await start({ logs: 'endless' });
    const id = sandbox.state.addJob(ended);
    sandbox.requests.clear();
    const readLog = createReadLog(adapter);
    const page = await readLog(id, { first: 500 });
    expect(page?.lines.map(({ message }) => message)).toEqual(Array.from({ length: 10 }, (_, index) => `row ${index}`));
    expect(page).toMatchObject({ hasNextPage: true, problem: null });
    expect(sandbox.requests.all().filter(({ target }) => target.includes('/logs/'))).toHaveLength(10);
    expect((await readLog(id, { after: page?.endCursor() ?? null }))?.lines[0]?.message).toBe('row 10');
  });

  it('that is larger than maxResponseBytes is a problem', async () => {
    const sandbox = await startSandbox({ logRows: 2_000, logPageRows: 5_000 });
    const adapter = connect(sandbox.url, sandbox.settings, { maxResponseBytes: 100_000 });
    const page = await createReadLog(adapter)(sandbox.state.addJob(ended));
    expect(page).toMatchObject({
      lines: [],
      problem: { code: 'INVALID_VENDOR_RESPONSE', message: expect.stringMatching(/100,?000 bytes/) },
    });
  });

  it.each([
    ['HTML', 'text/html', '<html>'],
    ['broken JSON', 'application/json', '{"content":[{"event":"x"}'],
    ['another type', 'application/json', '{"content":"text","continuation_token":7}'],
  ])('with %s is a problem, and leaves the job', async (_what, contentType, body) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob(ended);
    const headers = { 'content-type': contentType };
    sandbox.faults.add({ path: '/logs/', times: 'always', fault: { kind: 'answer', status: 200, headers, body, applied: false } });
    expect(await createReadLog(adapter)(id)).toMatchObject({ lines: [], problem: { code: 'INVALID_VENDOR_RESPONSE' } });
  });

  it('with rows of other types keeps those that can be read', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob(ended);
    const content = [
      'plain text',
      7,
      null,
      { event: 7, level: ['x'], timestamp: 'never', error_detail: 'x' },
      { event: 'ok', level: 'CRITICAL' },
    ];
    const body = JSON.stringify({ content, continuation_token: null });
    const headers = { 'content-type': 'application/json' };
    sandbox.faults.add({ path: '/extract/logs/', fault: { kind: 'answer', status: 200, headers, body, applied: false } });
    const page = await createReadLog(adapter)(id, { stepId: 'extract' });
    expect(page?.lines.map(({ message, severity }) => [message, severity])).toEqual([
      ['plain text', null],
      ['', null],
      ['ok', 'ERROR'],
    ]);
  });
});
