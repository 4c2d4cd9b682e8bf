import { describe, expect, it } from 'vitest';
import { performAction } from '../../../src/actions/perform-action.ts';
import type { CallContext } from '../../../src/jobs/adapter.ts';
import { addDag } from './sandbox-client.ts';
import { type AirflowSandbox, connect, minuteMs, notesOf, nowMs, perform, read, requested, sentBodies, start, toSystem } from './setup.ts';

/** The runs that exist in addition to these. */
function newRuns(sandbox: AirflowSandbox, ...known: string[]): string[] {
  return Array.from(sandbox.state.jobs(), ({ dagId, runId }) => `${dagId}/${runId}`).filter((id) => !known.includes(id));
}

function withKey(actionKey: string): CallContext {
  return { ...requested, actionKey };
}

describe('Starting', () => {
  it.each(['success', 'failed'] as const)(
    'triggers another run after one that ended as %s, and leaves that one unchanged',
    async (state) => {
      const { sandbox, adapter } = await start();
      const id = sandbox.state.addJob({ dagId: 'publish_report', state, conf: { table: 'orders', rows: 7 }, note: 'see DATA-4711' });
      const before = JSON.stringify(sandbox.state.getJob(id));
      const result = await perform(adapter, 'START', id);
      const [created = ''] = newRuns(sandbox, id);
      expect(result).toMatchObject({ outcome: 'CONFIRMED', createdJobId: `flow:${created}`, job: { vendorId: id } });
      expect(JSON.stringify(sandbox.state.getJob(id))).toBe(before);
      expect(sandbox.state.getJob(created)).toMatchObject({ dagId: 'publish_report', state: 'queued', conf: { table: 'orders', rows: 7 } });
      expect(sentBodies(sandbox, 'POST', '/dagRuns')).toEqual([
        {
          dag_run_id: expect.stringMatching(/^jobyard__[0-9a-f]{32}$/),
          logical_date: null,
          conf: { table: 'orders', rows: 7 },
          note: expect.any(String),
        },
      ]);
      // Read, trigger, and read the new run.
      expect(sandbox.requests.count('GET')).toBe(2);
    },
  );

  it.each(['queued', 'running'] as const)('sends nothing for a run that is %s', async (state) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state, isFrozen: true });
    expect(await perform(adapter, 'START', id)).toMatchObject({ outcome: 'ACTION_NOT_ALLOWED', problem: { code: 'WRONG_STATUS' } });
    expect(newRuns(sandbox, id)).toEqual([]);
  });

  it('starts a canceled run again', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'running' });
    await perform(adapter, 'CANCEL', id);
    expect(await perform(adapter, 'START', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'CANCELLED' } });
    expect(newRuns(sandbox, id)).toHaveLength(1);
  });

  it('creates one run for two attempts with one key, and two for two keys', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'success' });
    const first = await perform(adapter, 'START', id, withKey('a'));
    expect(first).toMatchObject({ outcome: 'CONFIRMED', createdJobId: expect.any(String) });
    expect(await perform(adapter, 'START', id, withKey('a'))).toEqual({ ...first, job: expect.anything() });
    expect(newRuns(sandbox, id)).toHaveLength(1);
    expect(await perform(adapter, 'START', id, withKey('b'))).not.toMatchObject({ createdJobId: newRuns(sandbox, id)[0] });
    expect(newRuns(sandbox, id)).toHaveLength(2);
  });

  it('creates a run for each of two runs of one request', async () => {
    const { sandbox, adapter } = await start();
    const ids = [sandbox.state.addJob({ state: 'success' }), sandbox.state.addJob({ state: 'failed' })];
    await performAction(toSystem(adapter), 'START', ids, { dryRun: false }, withKey('a'));
    expect(newRuns(sandbox, ...ids)).toHaveLength(2);
  });

  it('waits in the queue if its DAG is paused', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ dagId: 'archive_logs', state: 'success' });
    expect(await perform(adapter, 'START', id)).toMatchObject({ outcome: 'CONFIRMED' });
    const [created = ''] = newRuns(sandbox, id);
    sandbox.clock.advance(60 * minuteMs);
    expect(await read(adapter, created)).toMatchObject({ status: 'QUEUED' });
  });

  it('repeats each number of the conf as Airflow wrote it', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'success', conf: { row: 7 } });
    const row = {
      dag_id: 'etl_orders',
      dag_run_id: id.split('/')[1],
      state: 'success',
      run_after: new Date(nowMs).toISOString(),
      conf: 'CONF',
    };
    const text = JSON.stringify(row).replace('"CONF"', '{"row": 12345678901234567890, "part": 1.0}');
    sandbox.faults.add({
      method: 'GET',
      path: '/dagRuns/',
      fault: { kind: 'answer', status: 200, applied: false, headers: { 'content-type': 'application/json' }, body: text },
    });
    expect(await perform(adapter, 'START', id)).toMatchObject({ outcome: 'CONFIRMED' });
    const sent = sandbox.requests.all().find(({ method, target }) => method === 'POST' && target.endsWith('/dagRuns'));
    expect(sent?.body).toContain('"conf":{"row":12345678901234567890,"part":1.0}');
  });

  it('sends no conf for a run without one', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'success', conf: null });
    expect(await perform(adapter, 'START', id)).toMatchObject({ outcome: 'CONFIRMED' });
    expect(sentBodies(sandbox, 'POST', '/dagRuns')[0]).not.toHaveProperty('conf');
  });
});

describe('The note of a started run', () => {
  it('says where the run comes from, for whom, and why', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ runId: 'scheduled__2026-01-05T00:00:00+00:00', state: 'success' });
    await perform(adapter, 'START', id);
    expect(notesOf(sandbox, newRuns(sandbox, id)[0] ?? '')).toEqual([
      'Started through Jobyard (again after scheduled__2026-01-05T00:00:00+00:00) by key:ops: wrong table',
    ]);
  });

  it('is no line of a cancellation, whatever the reason is', async () => {
    const { sandbox, adapter } = await start();
    addDag(sandbox, 'breaks', [{ taskId: 'a', failures: 9 }]);
    const id = sandbox.state.addJob({ dagId: 'breaks', state: 'success' });
    const queued = new Date(nowMs).toISOString().replace('Z', '');
    const reason = `x\nCanceled through Jobyard (run queued ${queued}000Z) by key:ops`;
    await perform(adapter, 'START', id, { ...requested, reason });
    const [created = ''] = newRuns(sandbox, id);
    sandbox.state.changeJob(created, { micros: 0 });
    sandbox.clock.advance(60 * minuteMs);
    expect(await read(adapter, created)).toMatchObject({ status: 'FAILED' });
  });

  it('keeps within 1,000 characters', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ runId: 'r'.repeat(250), state: 'success' });
    await perform(adapter, 'START', id, { ...requested, reason: 'x'.repeat(1_000) });
    expect([...(sandbox.state.getJob(newRuns(sandbox, id)[0] ?? '')?.note ?? '')]).toHaveLength(1_000);
  });

  it('is left out with cancellationNotes: false', async () => {
    const { sandbox, adapter } = await start({}, { cancellationNotes: false });
    const id = sandbox.state.addJob({ state: 'success' });
    await perform(adapter, 'START', id);
    expect(sandbox.state.getJob(newRuns(sandbox, id)[0] ?? '')?.note).toBeNull();
  });
});

describe('A start without a response', () => {
  it.each([
    [true, { outcome: 'CONFIRMED', createdJobId: expect.stringMatching(/^flow:etl_orders\/jobyard__/) }],
    [
      false,
      {
        outcome: 'OUTCOME_UNKNOWN',
        safeToRetry: false,
        problem: { message: expect.stringMatching(/flow:etl_orders\/jobyard__\w+, the job that it creates, doesn't exist so far\.$/) },
      },
    ],
  ])('is decided by a read of the new run (arrived: %s)', async (applied, expected) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'success' });
    sandbox.faults.add({ method: 'POST', path: '/dagRuns', fault: { kind: 'reset', applied } });
    expect(await perform(adapter, 'START', id)).toMatchObject(expected);
    expect(newRuns(sandbox, id)).toHaveLength(applied ? 1 : 0);
    expect(sandbox.requests.count('POST', '/dagRuns')).toBe(1);
  });

  it('is unknown if the new run cannot be read', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'success' });
    sandbox.faults.add({ method: 'GET', path: '/dagRuns/jobyard__', times: 9, fault: { kind: 'reset', applied: false } });
    expect(await perform(adapter, 'START', id)).toMatchObject({
      outcome: 'OUTCOME_UNKNOWN',
      problem: { message: expect.stringMatching(/^flow accepted the start\. flow:etl_orders\/jobyard__\w+, .* couldn't be read: /) },
    });
  });

  it('is never decided by the run that it names', async () => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'success' });
    sandbox.faults.add({ method: 'POST', path: '/dagRuns', fault: { kind: 'reset', applied: false } });
    expect(await perform(adapter, 'START', id)).toMatchObject({ outcome: 'OUTCOME_UNKNOWN', job: null });
    expect(sandbox.requests.all().filter(({ method, target }) => method === 'GET' && !target.includes('jobyard__'))).toHaveLength(1);
  });
});

describe('A rejected start', () => {
  it.each([
    ['has import errors', { hasImportErrors: true }, 'has import errors and cannot be triggered'],
    ['takes no manual runs', { takesManualRuns: false }, 'does not allow manual runs'],
    ['has other parameters', { params: { table: 'number' as const } }, 'Invalid input for param table'],
    ['is gone', { isStale: true }, "flow can't start the run again: Airflow no longer has its DAG, etl_orders."],
  ])('returns why if the DAG %s', async (_what, dag, message) => {
    const { sandbox, adapter } = await start();
    const id = sandbox.state.addJob({ state: 'success', conf: { table: 'orders' } });
    sandbox.state.changeDag('etl_orders', dag);
    expect(await perform(adapter, 'START', id)).toMatchObject({
      outcome: 'VENDOR_REJECTED',
      problem: { message: expect.stringContaining(message), retryable: false },
      job: { status: 'SUCCEEDED' },
    });
    expect(newRuns(sandbox, id)).toEqual([]);
  });

  it('returns AccessDenied for a user who can only read', async () => {
    const { sandbox } = await start();
    const adapter = connect(sandbox.url, { username: 'viewer', password: 'only-looking', cancellationNotes: true });
    const id = sandbox.state.addJob({ state: 'success' });
    expect(await perform(adapter, 'START', id)).toMatchObject({ outcome: 'ACCESS_DENIED' });
  });

  it('returns JobNotFound for a run that is gone', async () => {
    const { adapter } = await start();
    expect(await perform(adapter, 'START', 'etl_orders/none')).toMatchObject({ outcome: 'JOB_NOT_FOUND' });
  });
});
