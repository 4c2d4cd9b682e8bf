import { describe, expect, onTestFinished, test } from 'vitest';
import { call, connect, list, startSandbox, targets } from '../../vendors/kinetica/setup.ts';
import { startClient, type VendorClient, whyNot } from './start-client.ts';

const administrator = { username: 'admin', password: 'Kinetica1!' };

async function startGpudb(url: string, account = administrator): Promise<VendorClient> {
  const client = await startClient('gpudb', { url, ...account });
  onTestFinished(client.close);
  return client;
}

describe.skipIf(whyNot !== null)(`Kinetica's own client, gpudb, on the sandbox (${whyNot ?? 'from PyPI'})`, () => {
  test('connects, and lists the jobs that the adapter lists', async () => {
    const sandbox = await startSandbox();
    const gpudb = await startGpudb(sandbox.url);
    sandbox.addJobsFor('CANCEL', 3);
    const listed = await gpudb.call('admin_show_jobs');
    expect(listed.status_info.status).toBe('OK');
    const jobs = await list(connect(sandbox.url, sandbox.settings));
    // Kinetica lists the request that lists, too; the adapter leaves it out.
    const ids = listed.job_id.map(String).filter((_: string, index: number) => listed.endpoint_name[index] !== '/admin/show/jobs');
    expect(ids.sort()).toEqual(jobs.map(({ vendorId }) => vendorId).sort());
    expect(jobs).toHaveLength(3);
  });

  test('reads the state and the properties behind a path', async () => {
    const gpudb = await startGpudb((await startSandbox({ pathPrefix: '/gpudb-0' })).url);
    expect(JSON.parse((await gpudb.call('show_system_status')).status_map.system)).toMatchObject({ status: 'running' });
    expect((await gpudb.call('show_system_properties')).property_map).toMatchObject({ 'version.gpudb_core_version': '7.2.3.11' });
  });

  test('starts a job that the adapter cancels, and reads that it is canceled', async () => {
    const sandbox = await startSandbox();
    const gpudb = await startGpudb(sandbox.url);
    const created = await gpudb.call('create_job', ['/execute/sql', 'json', '', '{"statement":"SELECT 1"}', { job_tag: 'from-gpudb' }]);
    const id = String(created.job_id);
    expect(await gpudb.call('get_job', [created.job_id])).toMatchObject({ job_status: 'RUNNING', running: true });
    const adapter = connect(sandbox.url, sandbox.settings);
    expect(await adapter.performAction('CANCEL', targets(id), call)).toMatchObject([{ kind: 'accepted' }]);
    expect(await gpudb.call('get_job', [created.job_id])).toMatchObject({ job_status: 'CANCELLED', successful: false });
  });

  test('cancels a job, which the adapter reads as canceled', async () => {
    const sandbox = await startSandbox();
    const gpudb = await startGpudb(sandbox.url);
    const { job_id: id } = await gpudb.call('create_job', ['/execute/sql', 'json', '', '{"statement":"SELECT 1"}', {}]);
    expect(await gpudb.call('admin_alter_jobs', [[id], 'cancel'])).toMatchObject({ job_ids: [id], status: ['OK'] });
    expect(await connect(sandbox.url, sandbox.settings).getJobs([String(id)], call)).toMatchObject([
      { kind: 'job', job: { vendorStatus: 'CANCELLED' } },
    ]);
  });

  test('raises its own exception for a wrong password', async () => {
    const { url } = await startSandbox();
    await expect(startGpudb(url, { ...administrator, password: 'wrong' })).rejects.toThrow('GPUdbUnauthorizedAccessException');
  });
});
