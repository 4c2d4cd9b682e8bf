import { describe, expect, it } from 'vitest';
import type { KineticaSwitches } from '../../../src/vendors/kinetica/sandbox/index.ts';
import { call, inventJob, read, start, targets } from './setup.ts';

const tagged = '971413@nightly-1';

/** A cluster after a failover: the job has the tag and another number, and the number belongs to another job. */
async function startBackup(switches: Partial<KineticaSwitches> = {}) {
  const { sandbox, adapter } = await start({ cluster: 'backup', ...switches });
  const job = sandbox.state.addJob({ id: '880001', tag: 'nightly-1', endpoint: '/alter/table', runsMs: 100_000 });
  const stranger = sandbox.state.addJob({ id: '971413', tag: 'other' });
  return { sandbox, adapter, job, stranger };
}

describe('an id with a tag', () => {
  it.each([
    ['971413@nightly-1', true],
    ['-5@A_b-9', true],
    [`7@${'x'.repeat(200)}`, true],
    [`7@${'x'.repeat(201)}`, false],
    ['971413@', false],
    ['@nightly', false],
    ['007@nightly', false],
    ['7@a@b', false],
    ['7@a b', false],
    ['7@ä', false],
    ['9223372036854775808@a', false],
  ])('%j is one: %s', async (id, isOne) => {
    const { adapter } = await start();
    expect(adapter.checkVendorId(id) === null).toBe(isOne);
  });

  it('reads the job of the tag, whatever job has that number', async () => {
    const { adapter, sandbox } = await startBackup();
    sandbox.clock.advance(25_000);
    expect(await read(adapter, tagged)).toMatchObject({
      vendorId: tagged,
      type: '/alter/table',
      status: 'RUNNING',
      vendorStatus: 'RUNNING',
      owner: null,
      createdAt: null,
      progress: { fraction: 0.25 },
    });
    expect((await read(adapter, tagged)).raw()).toEqual({ endpoint: '/alter/table', job_status: 'RUNNING', running: true, progress: 25 });
  });

  it('cancels the job of the tag and no other, and shows that it stops', async () => {
    const { adapter, sandbox, job, stranger } = await startBackup({ stopMs: 1_500 });
    expect(await adapter.performAction('CANCEL', targets(tagged), call)).toEqual([{ kind: 'accepted', job: null }]);
    expect(sandbox.state.job(job)?.status).toBe('CANCELLED');
    expect(sandbox.state.job(stranger)?.status).toBe('RUNNING');
    expect(JSON.parse(sandbox.requests.all().at(-1)?.body ?? '')).toEqual({
      job_ids: [971413],
      action: 'cancel',
      options: { job_tag: 'nightly-1' },
    });
    expect((await read(adapter, tagged)).status).toBe('CANCELLING');
    sandbox.clock.advance(2_000);
    expect((await read(adapter, tagged)).status).toBe('CANCELLED');
  });

  it('meets nothing on a cluster that wants number and tag to fit', async () => {
    const { adapter, sandbox, job, stranger } = await startBackup({ jobTag: 'must-match' });
    expect(await adapter.getJobs([tagged], call)).toEqual([{ kind: 'notFound' }]);
    expect(await adapter.performAction('CANCEL', targets(tagged), call)).toMatchObject([
      { kind: 'rejected', problem: { code: 'VENDOR_REJECTED' } },
    ]);
    expect([job, stranger].map((id) => sandbox.state.job(id)?.status)).toEqual(['RUNNING', 'RUNNING']);
  });

  it('is read with its own request, next to one list for all others', async () => {
    const { adapter, sandbox, job, stranger } = await startBackup();
    const results = await adapter.getJobs([tagged, job, '5', stranger, `${job}@nightly-1`], call);
    expect(results.map((result) => (result.kind === 'job' ? result.job.vendorId : result.kind))).toEqual([
      tagged,
      job,
      'notFound',
      stranger,
      `${job}@nightly-1`,
    ]);
    expect(sandbox.requests.count('POST', '/get/job')).toBe(2);
    expect(sandbox.requests.count('POST', '/admin/show/jobs')).toBe(1);
  });

  it('shares no cancel request with others', async () => {
    const { adapter, job } = await startBackup();
    const { batchKey } = adapter.actions.CANCEL;
    const keyOf = (vendorId: string) => batchKey?.({ ...inventJob('/alter/table'), vendorId });
    expect(new Set([tagged, `${job}@nightly-1`, job].map(keyOf)).size).toBe(3);
    expect(keyOf('1')).toBe(keyOf('2'));
  });

  it('that Kinetica rejects with another message is a problem, not a missing job', async () => {
    const { adapter, sandbox } = await startBackup();
    const message = 'Insufficient memory: job not found in cache';
    const body = JSON.stringify({ status: 'ERROR', message, data_type: 'none', data: '', data_str: '' });
    sandbox.faults.add({ fault: { kind: 'answer', status: 400, applied: false, headers: { 'content-type': 'application/json' }, body } });
    expect(await adapter.getJobs([tagged], call)).toMatchObject([{ kind: 'problem', problem: { code: 'INVALID_VENDOR_RESPONSE' } }]);
  });

  it('has the failure of the job with the tag', async () => {
    const { adapter, sandbox, job } = await startBackup();
    sandbox.state.changeJob(job, { status: 'ERROR', errorMessage: 'out of disk' });
    const failed = await read(adapter, tagged);
    expect(failed.status).toBe('FAILED');
    expect(typeof adapter.getFailure === 'function' && (await adapter.getFailure(failed, call))).toMatchObject({
      value: { message: 'out of disk' },
    });
  });
});
