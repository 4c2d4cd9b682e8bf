import { describe, expect, onTestFinished, test } from 'vitest';
import { call, connect, readAll, startSandbox, targetsOf } from '../../vendors/kylin/setup.ts';
import { startClient, type VendorClient, whyNot } from './start-client.ts';

async function startKylinpy(url: string, password = 'KYLIN'): Promise<VendorClient> {
  const { hostname: host, port } = new URL(url);
  const client = await startClient('kylinpy', { host, port: Number(port), username: 'ADMIN', password, project: 'retail' });
  onTestFinished(client.close);
  return client;
}

describe.skipIf(whyNot !== null)(`Kylin's own client, kylinpy, on the sandbox (${whyNot ?? 'from PyPI'})`, () => {
  test('authenticates, and reads the projects', async () => {
    const kylinpy = await startKylinpy((await startSandbox()).url);
    expect(await kylinpy.call('get_authentication')).toMatchObject({ username: 'ADMIN' });
    const projects = await kylinpy.call('projects');
    expect(projects.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['retail', 'finance']));
  });

  test('lists the jobs that the adapter lists first', async () => {
    const sandbox = await startSandbox({}, 30);
    const kylinpy = await startKylinpy(sandbox.url);
    // Its own request: no time filter, and Kylin's page of 10.
    const listed: { id: string; job_status: string }[] = await kylinpy.call('jobs');
    expect(listed).toHaveLength(10);
    const jobs = new Map((await readAll(connect(sandbox.url, sandbox.settings))).map((job) => [job.vendorId, job]));
    for (const { id, job_status } of listed) expect(jobs.get(id)?.vendorStatus).toBe(job_status);
  });

  test('reads that the adapter paused and canceled a job', async () => {
    const sandbox = await startSandbox();
    const [id = ''] = sandbox.addJobsFor('PAUSE', 1);
    const kylinpy = await startKylinpy(sandbox.url);
    const read = async () => (await kylinpy.call('job_desc', [id])).job_status;
    expect(await read()).toBe('RUNNING');
    const adapter = connect(sandbox.url, sandbox.settings);
    await adapter.performAction('PAUSE', await targetsOf(adapter, id), call);
    expect(await read()).toBe('STOPPED');
    await adapter.performAction('CANCEL', await targetsOf(adapter, id), call);
    expect(await read()).toBe('DISCARDED');
  });

  test('raises its own exceptions for a wrong password and an unknown job', async () => {
    const { url } = await startSandbox();
    await expect((await startKylinpy(url, 'wrong')).call('projects')).rejects.toThrow('UnauthorizedError');
    await expect((await startKylinpy(url)).call('job_desc', ['00000000-0000-0000-0000-000000000000'])).rejects.toThrow(
      'KylinJobError: Not Find this job',
    );
  });
});
