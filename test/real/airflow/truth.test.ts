import { beforeAll, describe, expect, it } from 'vitest';
import { call, connect, minuteMs, perform, read, readAll } from '../../vendors/airflow/setup.ts';
import type { ReadableAdapter } from '../../vendors/readable-adapter.ts';
import { connectToAirflow, type RealClient, until, whyNot } from './client.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { maximumPageLimit, password, username } from './start.ts';

const line = /^Canceled through Jobyard \(run queued \S+Z\) by key:ops: wrong table$/;

describe.skipIf(whyNot !== null)(`actions on a real Airflow (${whyNot ?? '3.3.2'})`, { timeout: 3 * minuteMs }, () => {
  let client: RealClient;
  const settings = { username, password, cancellationNotes: true };
  const start = (changes: object = {}, url = client.url): ReadableAdapter => connect(url, { ...settings, ...changes });

  beforeAll(async () => {
    client = await connectToAirflow();
  });

  it('cancel a running run, and keep its note', async () => {
    const id = await client.trigger('sleeps');
    await client.untilTask(id, 'rest', 'running');
    await client.patch(id, { note: 'see DATA-4711' });
    expect(await perform(start(), 'CANCEL', id)).toMatchObject({
      outcome: 'CONFIRMED',
      job: { status: 'CANCELLED', vendorStatus: 'failed' },
    });
    const { state, note, end_date } = await client.get(id);
    expect({ state, end_date, note: note?.split('\n') }).toEqual({
      state: 'failed',
      end_date: expect.any(String),
      note: ['see DATA-4711', expect.stringMatching(line)],
    });
    await client.untilTask(id, 'rest', 'failed');
    expect(await perform(start(), 'CANCEL', id)).toMatchObject({ outcome: 'ALREADY_DONE' });
  });

  it('cancel a queued run', async () => {
    const id = await client.trigger('paused');
    expect(await read(start(), id)).toMatchObject({ status: 'QUEUED' });
    expect(await perform(start(), 'CANCEL', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'CANCELLED' } });
  });

  it('leave a run that has succeeded, although Airflow would not', async () => {
    const id = await client.trigger('succeeds');
    const before = await client.untilState(id, 'success');
    expect(await perform(start(), 'CANCEL', id)).toMatchObject({ outcome: 'ACTION_NOT_ALLOWED', job: { status: 'SUCCEEDED' } });
    expect(await client.get(id)).toEqual(before);
    expect(await client.patch(id, { state: 'failed' })).toMatchObject({ state: 'failed', end_date: before.end_date });
    expect(await read(start(), id)).toMatchObject({ status: 'FAILED' });
  });

  it('are followed to the end of a teardown task', async () => {
    const id = await client.trigger('tears_down');
    await client.untilTask(id, 'use', 'running');
    const adapter = start();
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({
      outcome: 'ACCEPTED',
      job: { status: 'CANCELLING', vendorStatus: 'running' },
    });
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({ outcome: 'ACCEPTED' });
    await client.untilState(id, 'failed');
    expect(await read(adapter, id)).toMatchObject({ status: 'CANCELLED', finishedAt: expect.any(Date) });
  });

  it('are over before a process that ignores its stop is', async () => {
    const id = await client.trigger('ignores_stop');
    await client.untilTask(id, 'stubborn', 'running');
    expect(await perform(start(), 'CANCEL', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'CANCELLED' } });
  });

  it('are proven by the line in the note if the response is lost', async () => {
    const id = await client.trigger('sleeps');
    await client.untilTask(id, 'rest', 'running');
    const proxy = await startCuttingProxy(client.url, ({ method }) => method === 'PATCH');
    expect(await perform(start({}, proxy), 'CANCEL', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'CANCELLED' } });
  });

  it('without lines in notes leave the note, and show a failed run', async () => {
    const id = await client.trigger('sleeps');
    await client.untilState(id, 'running');
    expect(await perform(start({ cancellationNotes: false }), 'CANCEL', id)).toMatchObject({
      outcome: 'CONFIRMED',
      job: { status: 'FAILED' },
    });
    expect(await client.get(id)).toMatchObject({ state: 'failed', note: null });
  });

  it('leave a full note as it is', async () => {
    const id = await client.trigger('paused');
    const note = '😀'.repeat(1_000);
    await client.patch(id, { note });
    expect(await perform(start(), 'CANCEL', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'FAILED' } });
    expect(await client.get(id)).toMatchObject({ note });
  });

  it('restart a canceled run, which is failed if it then fails by itself', async () => {
    const id = await client.trigger('sleeps', { seconds: 3, fails: 1 });
    await client.untilTask(id, 'rest', 'running');
    const adapter = start();
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'CANCELLED' } });
    expect(await perform(adapter, 'RESTART', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'QUEUED' } });
    expect(await client.untilState(id, 'failed')).toMatchObject({ note: expect.stringMatching(line) });
    expect(await read(adapter, id)).toMatchObject({ status: 'FAILED' });
    const { getFailure } = adapter;
    expect(typeof getFailure === 'function' && (await getFailure(await read(adapter, id), call))).toMatchObject({
      value: { message: 'RuntimeError: the target rejected the data', code: 'RuntimeError', step: { id: 'rest' } },
    });
  });

  it('restart a run whose response is lost once, and no run that runs', async () => {
    const id = await client.trigger('succeeds');
    await client.untilState(id, 'success');
    const proxy = await startCuttingProxy(client.url, ({ url }) => url?.endsWith('/clear') === true);
    expect(await perform(start({}, proxy), 'RESTART', id)).toMatchObject({ outcome: 'CONFIRMED' });
    const running = await client.trigger('sleeps');
    await client.untilTask(running, 'rest', 'running');
    expect(await perform(start(), 'RESTART', running)).toMatchObject({ outcome: 'ACTION_NOT_ALLOWED', problem: { code: 'WRONG_STATUS' } });
    await client.patch(running, { state: 'failed' });
  });

  it('resume a run whose task failed, and none whose tasks were skipped', async () => {
    const id = await client.trigger('fails_once');
    await client.untilState(id, 'failed');
    expect(await perform(start(), 'RESUME', id)).toMatchObject({ outcome: 'CONFIRMED' });
    await client.untilState(id, 'success');
    const branched = await client.trigger('skips');
    await client.untilState(branched, 'failed');
    expect(await perform(start(), 'RESUME', branched)).toMatchObject({ outcome: 'ACTION_NOT_ALLOWED', problem: { code: 'NOT_ELIGIBLE' } });
    expect(await client.get(branched)).toMatchObject({ state: 'failed' });
  });

  it('are denied to a user who may only read', async () => {
    // Stays queued: Airflow's scheduler leaves it alone.
    const id = await client.trigger('paused');
    const adapter = start({ username: 'viewer', password: 'only-looking' });
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({ outcome: 'ACCESS_DENIED' });
  });
});

describe.skipIf(whyNot !== null)(`reads of a real Airflow (${whyNot ?? '3.3.2'})`, { timeout: 3 * minuteMs }, () => {
  let client: RealClient;
  beforeAll(async () => {
    client = await connectToAirflow();
  });
  const start = (changes: object = {}): ReadableAdapter => connect(client.url, { username, password, cancellationNotes: true, ...changes });

  it('find all runs behind a lower maximum of rows', async () => {
    const ids = await client.triggerMany('paused', 2 * maximumPageLimit);
    for (const query of [{}, { order: null }, { scopes: ['paused'] }, { scopes: ['paused'], order: null }]) {
      const found = new Set((await readAll(start(), query)).map(({ vendorId }) => vendorId));
      expect(ids.filter((id) => !found.has(id))).toEqual([]);
    }
  });

  it('show the tasks of a mapped task, and their progress', async () => {
    const id = await client.trigger('maps');
    await client.untilState(id, 'success');
    const adapter = start();
    const job = await read(adapter, id);
    const steps = await adapter.getSteps?.(job, call);
    expect(steps?.ok && steps.value?.map((step) => step.id).sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map((index) => `part/${index}`));
    expect(await adapter.getProgress?.(job, call)).toEqual({
      ok: true,
      value: { fraction: 1, succeededTasks: 7, failedTasks: 0, remainingTasks: 0 },
    });
    expect(job).toMatchObject({
      name: 'maps',
      type: 'manual',
      owner: username,
      durationSeconds: expect.any(Number),
      waitSeconds: expect.any(Number),
    });
  });

  it('show the last try of a task that was repeated', async () => {
    const id = await client.trigger('retries');
    await client.untilState(id, 'success');
    const steps = await start().getSteps?.(await read(start(), id), call);
    expect(steps?.ok && steps.value).toMatchObject([{ id: 'again', status: 'SUCCEEDED' }]);
  });

  it('show why a run failed', async () => {
    const id = await client.trigger('fails');
    await client.untilState(id, 'failed');
    const adapter = start();
    const { getFailure } = adapter;
    // The log can be complete later than the run.
    const failure = await until('the log has the reason', async () => {
      const result = typeof getFailure === 'function' ? await getFailure(await read(adapter, id), call) : null;
      return result?.ok && result.value?.code ? result.value : null;
    });
    expect(failure).toMatchObject({
      message: 'ValueError: column total is missing',
      code: 'ValueError',
      step: { id: 'load', status: 'FAILED' },
    });
  });

  it('stop after a wrong password', async () => {
    expect(await start({ password: 'wrong' }).checkHealth(call)).toMatchObject({ code: 'VENDOR_AUTHENTICATION_FAILED' });
    expect(await start().checkHealth(call)).toBeNull();
    expect(await start({ username: undefined, password: undefined, token: client.tokens.user }).checkHealth(call)).toBeNull();
    expect(await start({ username: undefined, password: undefined, token: 'not.a.token' }).checkHealth(call)).toMatchObject({
      code: 'VENDOR_AUTHENTICATION_FAILED',
    });
  });
});
