import { describe, expect, onTestFinished, test } from 'vitest';
import { type AirflowSandbox, connect, perform, readAll, startSandbox } from '../../vendors/airflow/setup.ts';
import { startClient, type VendorClient, whyNot } from './start-client.ts';

async function start(jobs = 0): Promise<{ sandbox: AirflowSandbox; client: VendorClient }> {
  const sandbox = await startSandbox({}, jobs);
  const { username, password } = sandbox.settings;
  const client = await startClient('airflow', { url: sandbox.url, username, password });
  onTestFinished(client.close);
  return { sandbox, client };
}

/** It validates each response: a field that it requires and doesn't find is an error. */
describe.skipIf(whyNot !== null)(`Airflow's own client, apache-airflow-client, on the sandbox (${whyNot ?? 'from PyPI'})`, () => {
  test('reads the version, the health, and the DAGs', async () => {
    const { client } = await start();
    expect(await client.call('get_version')).toMatchObject({ version: '3.3.2' });
    expect(await client.call('get_health')).toMatchObject({ metadatabase: { status: 'healthy' } });
    const { dags } = await client.call('get_dags');
    expect(dags.length).toBeGreaterThan(3);
  });

  test('lists the runs that the adapter lists, by page and by request body', async () => {
    const { sandbox, client } = await start(60);
    const jobs = await readAll(connect(sandbox.url, sandbox.settings));
    const expected = jobs.map(({ vendorId }) => vendorId).sort();
    const listed = [];
    for (let offset = 0; ; offset += 25) {
      const { dag_runs: runs } = await client.call('get_dag_runs', ['~'], { limit: 25, offset, order_by: ['-run_after'] });
      if (runs.length === 0) break;
      listed.push(...runs);
    }
    const idOf = (run: { dag_id: string; dag_run_id: string }) => `${run.dag_id}/${run.dag_run_id}`;
    expect(listed.map(idOf).sort()).toEqual(expected);
    const batch = await client.call('get_list_dag_runs_batch', ['~', { page_limit: 100 }]);
    expect(batch.dag_runs.map(idOf).sort()).toEqual(expected);
  });

  test("reads a run's tasks, and what the adapter did to the run", async () => {
    const { sandbox, client } = await start();
    const [vendorId = ''] = sandbox.addJobsFor('CANCEL', 1);
    const path = vendorId.split('/');
    expect(await client.call('get_dag_run', path)).toMatchObject({ state: 'running' });
    const { task_instances: tasks } = await client.call('get_task_instances', path);
    expect(tasks.length).toBeGreaterThan(0);
    await perform(connect(sandbox.url, sandbox.settings), 'CANCEL', vendorId);
    expect(await client.call('get_dag_run', path)).toMatchObject({ state: 'failed', note: expect.stringContaining('wrong table') });
  });

  test('marks, clears, and triggers runs', async () => {
    const { sandbox, client } = await start();
    const [vendorId = ''] = sandbox.addJobsFor('CANCEL', 1);
    const path = vendorId.split('/');
    expect(await client.call('patch_dag_run', [...path, { state: 'failed', note: 'by hand' }])).toMatchObject({ note: 'by hand' });
    await client.call('clear_dag_run', [...path, { dry_run: false }]);
    expect(await client.call('get_dag_run', path)).toMatchObject({ state: 'queued' });
    expect(await client.call('trigger_dag_run', [path[0], { logical_date: null }])).toMatchObject({ state: 'queued', run_type: 'manual' });
  });

  test('raises its own exception for an unknown run', async () => {
    const { client } = await start();
    await expect(client.call('get_dag_run', ['no', 'such'])).rejects.toThrow('NotFoundException');
  });
});
