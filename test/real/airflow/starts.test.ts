import { beforeAll, describe, expect, it } from 'vitest';
import type { CallContext } from '../../../src/jobs/adapter.ts';
import { connect, minuteMs, perform, read, requested } from '../../vendors/airflow/setup.ts';
import type { ReadableAdapter } from '../../vendors/readable-adapter.ts';
import { connectToAirflow, type RealClient, type Run, whyNot } from './client.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { password, username } from './start.ts';

describe.skipIf(whyNot !== null)(`starts on a real Airflow (${whyNot ?? '3.3.2'})`, { timeout: 3 * minuteMs }, () => {
  let client: RealClient;
  const start = (changes: object = {}, url = client.url): ReadableAdapter =>
    connect(url, { username, password, cancellationNotes: true, ...changes });
  /** The runs of a DAG that Jobyard triggered after this one. */
  const startedAfter = async (vendorId: string): Promise<Run[]> => {
    const [dagId = '', runId = ''] = vendorId.split('/');
    const { dag_runs: runs }: { dag_runs: Run[] } = await client.request('GET', `/dags/${dagId}/dagRuns?order_by=-run_after`);
    return runs.filter(({ note }) => note?.startsWith(`Started through Jobyard (again after ${runId})`));
  };

  beforeAll(async () => {
    client = await connectToAirflow();
  });

  it('create another run with the same conf, and leave the run that they name', async () => {
    const id = await client.trigger('succeeds', {
      table: 'orders',
      password: 'hunter2',
      part: JSON.rawJSON('1.0'),
      row: JSON.rawJSON('12345678901234567890'),
    });
    const before = await client.untilState(id, 'success');
    const adapter = start();
    expect(await perform(adapter, 'START', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'SUCCEEDED' } });
    expect(await client.get(id)).toEqual(before);
    const [created] = await startedAfter(id);
    expect(created).toMatchObject({ conf: before.conf, logical_date: null, note: expect.stringMatching(/ by key:ops: wrong table$/) });
    const texts = await Promise.all([id, `succeeds/${created?.dag_run_id}`].map((each) => client.readText(each)));
    const [given, repeated] = texts.map((text) => /"conf":\{[^}]*\}/.exec(text)?.[0]);
    expect(given).toMatch(/"row":12345678901234567890.*"part":1\.0/);
    expect(repeated).toBe(given);
    await client.untilState(`succeeds/${created?.dag_run_id}`, 'success');
  });

  it('are one for all attempts with the same key', async () => {
    const id = await client.trigger('succeeds');
    await client.untilState(id, 'success');
    const call: CallContext = { ...requested, actionKey: 'one' };
    const first = await perform(start(), 'START', id, call);
    expect(first).toMatchObject({ outcome: 'CONFIRMED' });
    expect(await perform(start(), 'START', id, call)).toMatchObject({ createdJobId: 'createdJobId' in first ? first.createdJobId : null });
    expect(await startedAfter(id)).toHaveLength(1);
  });

  it('are proven by the new run if the response is lost', async () => {
    const id = await client.trigger('succeeds');
    await client.untilState(id, 'success');
    const proxy = await startCuttingProxy(client.url, ({ method, url }) => method === 'POST' && url?.endsWith('/dagRuns') === true);
    expect(await perform(start({}, proxy), 'START', id)).toMatchObject({ outcome: 'CONFIRMED' });
    expect(await startedAfter(id)).toHaveLength(1);
  });

  it('of a paused DAG wait in the queue', async () => {
    const id = await client.trigger('paused');
    const adapter = start();
    expect(await perform(adapter, 'CANCEL', id)).toMatchObject({ outcome: 'CONFIRMED' });
    expect(await perform(adapter, 'START', id)).toMatchObject({ outcome: 'CONFIRMED', job: { status: 'CANCELLED' } });
    const [created] = await startedAfter(id);
    expect(await read(adapter, `paused/${created?.dag_run_id}`)).toMatchObject({ status: 'QUEUED', owner: username });
  });

  it('of a run that runs are not allowed', async () => {
    const id = await client.trigger('sleeps');
    await client.untilState(id, 'running');
    expect(await perform(start(), 'START', id)).toMatchObject({ outcome: 'ACTION_NOT_ALLOWED', problem: { code: 'WRONG_STATUS' } });
    await client.patch(id, { state: 'failed' });
  });

  it('fill a note of 1,000 characters', async () => {
    const id = await client.trigger('succeeds');
    await client.untilState(id, 'success');
    expect(await perform(start(), 'START', id, { ...requested, reason: 'x'.repeat(1_000) })).toMatchObject({ outcome: 'CONFIRMED' });
    expect((await startedAfter(id))[0]?.note).toHaveLength(1_000);
  });

  it('are denied to a user who may only read', async () => {
    const id = await client.trigger('succeeds');
    await client.untilState(id, 'success');
    const adapter = start({ username: 'viewer', password: 'only-looking' });
    expect(await perform(adapter, 'START', id)).toMatchObject({ outcome: 'ACCESS_DENIED' });
    expect(await startedAfter(id)).toEqual([]);
  });
});
