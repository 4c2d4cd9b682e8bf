import { describe, expect, it } from 'vitest';
import type { ActionResponse } from '../../../src/jobs/adapter.ts';
import type { KineticaSwitches } from '../../../src/vendors/kinetica/sandbox/index.ts';
import { call, connect, list, read, start, startSandbox, targets } from './setup.ts';

type Kind = ActionResponse['kind'];

/** Every position of every switch that leaves the cluster able to answer; empty: the defaults. */
const positions: Partial<KineticaSwitches>[] = [
  {},
  { arrivals: true },
  { endedJobsKept: 0 },
  { version: '6.2' },
  { version: '7.0' },
  { version: '7.1' },
  { version: '7.2' },
  { idBase: 'huge' },
  { pathPrefix: '/gpudb-0' },
  { pathPrefix: '/cluster-1/gpudb-0/' },
  { cluster: 'primary' },
  { cluster: 'backup' },
  { authentication: 'off' },
  { plainUsers: 'own-jobs' },
  { errorStatus: 200 },
  { damage: 'data-object' },
  { damage: 'unequal-columns', damagedEndpoint: '/get/job' },
  { statusWords: 'complete' },
  { statusWords: 'lower-case' },
  { stoppingWord: 'CANCELLING' },
  { stoppingWord: 'RUNNING' },
  { listOrder: 'scrambled' },
  { listsItself: false },
  { listTag: 'first' },
  { listTag: 'joined' },
  { cancelAnswers: 'enum' },
  { cancelAnswers: 'omit' },
  { cancelAnswers: 'reject' },
  { cancelAnswers: 'reorder' },
  { cancelAnswers: 'prose' },
  { cancelNote: 'queued behind a merge' },
  { cancelAnswers: 'enum', idBase: 'huge', errorStatus: 200, listOrder: 'scrambled', statusWords: 'lower-case' },
  { repeatedCancel: 'rejected' },
  { emptyCancel: 'rejected' },
  { stopMs: 0 },
  { jobTag: 'must-match' },
  { syncJobRead: 'answered' },
];

describe('the adapter with the sandbox’s switches', () => {
  it.each(positions)('lists, reads, cancels and checks with %o', async (switches) => {
    const { sandbox, adapter } = await start(switches);
    const { state } = sandbox;
    const query = state.addJob({ runsMs: 10_000 });
    const sync = state.addJob({ kind: 'sync' });
    const waiting = state.addJob({ kind: 'sync', endpoint: '/aggregate/groupby', status: 'WAITING' });
    const insert = state.addJob({ endpoint: '/insert/records' });
    const done = state.addJob({ status: 'DONE' });
    const failed = state.addJob({ status: 'ERROR' });
    const cancelled = state.addJob({ status: 'CANCELLED' });

    expect(Object.fromEntries((await list(adapter)).map((job) => [job.vendorId, job.status]))).toEqual({
      [query]: 'RUNNING',
      [sync]: 'RUNNING',
      [waiting]: 'QUEUED',
      [insert]: 'RUNNING',
      [done]: 'SUCCEEDED',
      [failed]: 'FAILED',
      [cancelled]: 'CANCELLED',
    });
    expect(await adapter.checkHealth(call)).toBeNull();

    sandbox.clock.advance(2500);
    expect(await adapter.getProgress?.(await read(adapter, query), call)).toMatchObject({ ok: true, value: { fraction: 0.25 } });
    const ofSync = await adapter.getProgress?.(await read(adapter, sync), call);
    if (switches.syncJobRead === 'answered') expect(ofSync).toMatchObject({ ok: true, value: { fraction: 0.4 } });
    else expect(ofSync).toEqual({ ok: true, value: null });

    const stranger = '955555';
    const answers = await adapter.performAction('CANCEL', targets(query, waiting, insert, stranger, cancelled), call);
    const kinds = answers.map((answer) => answer.kind);
    expect(kinds).toEqual(expectedKinds(switches));
    const refusedAll = switches.cancelAnswers === 'reject';
    expect([query, waiting, insert].map((id) => state.job(id)?.status)).toEqual(
      refusedAll ? ['RUNNING', 'WAITING', 'RUNNING'] : ['CANCELLED', 'CANCELLED', 'RUNNING'],
    );
    if (refusedAll) {
      expect(await adapter.performAction('CANCEL', targets(stranger), call)).toMatchObject([
        { kind: 'rejected', vendorCode: 'S/SJm:188', problem: { code: 'VENDOR_REJECTED', message: expect.stringContaining('not found') } },
      ]);
      expect(await adapter.performAction('CANCEL', targets(query, waiting), call)).toMatchObject([
        { kind: 'accepted' },
        { kind: 'accepted' },
      ]);
    }

    sandbox.clock.advance(2000);
    expect((await read(adapter, query)).status).toBe('CANCELLED');
    expect(await adapter.getJobs([waiting], call)).toEqual([{ kind: 'notFound' }]);
  });

  function expectedKinds({ cancelAnswers, repeatedCancel }: Partial<KineticaSwitches>): Kind[] {
    // Jobyard reads each again, and the list shows the outcome.
    if (cancelAnswers === 'prose') return Array.from({ length: 5 }, (): Kind => 'inconclusive');
    if (cancelAnswers === 'reject') return Array.from({ length: 5 }, (): Kind => 'batchRejected');
    return ['accepted', 'accepted', 'rejected', 'rejected', repeatedCancel === 'rejected' ? 'rejected' : 'accepted'];
  }

  it.each([
    ['draining', 'SYSTEM_UNAVAILABLE'],
    ['drained', 'SYSTEM_UNAVAILABLE'],
    ['stopped', 'SYSTEM_UNAVAILABLE'],
    ['shutting-down', 'SYSTEM_UNAVAILABLE'],
  ] as const)('certainly sends no cancel to a system that is %s, whatever the HTTP status', async (system, code) => {
    for (const errorStatus of [400, 200] as const) {
      const { sandbox, adapter } = await start({ system, errorStatus });
      const id = sandbox.state.addJob();
      expect(await adapter.getJobs([id], call)).toMatchObject([{ kind: 'problem', problem: { code, retryable: true } }]);
      expect(await adapter.performAction('CANCEL', targets(id, '7'), call)).toMatchObject([
        { kind: 'notSent', problem: { code } },
        { kind: 'notSent', problem: { code } },
      ]);
    }
  });

  it('cancels only own jobs for a user without system_admin, where the cluster allows that', async () => {
    const sandbox = await startSandbox({ plainUsers: 'own-jobs' });
    const adapter = connect(sandbox.url, { username: 'svc_superset', password: 'read-only-7' });
    const own = sandbox.state.addJob({ authId: 'svc_superset' });
    const other = sandbox.state.addJob();
    expect((await list(adapter)).map((job) => job.vendorId)).toEqual([own]);
    const answers = await adapter.performAction('CANCEL', targets(own, other), call);
    expect(answers).toMatchObject([{ kind: 'accepted' }, { kind: 'rejected', problem: { code: 'VENDOR_REJECTED' } }]);
  });

  it.each(['json', 'html'] as const)('reports wrong credentials with a %s body', async (unauthorizedBody) => {
    const { sandbox, adapter } = await start({ unauthorizedBody });
    sandbox.state.accounts.length = 0;
    expect(await adapter.getJobs(['7'], call)).toMatchObject([{ kind: 'problem', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } }]);
    expect(await adapter.performAction('CANCEL', targets('7'), call)).toMatchObject([
      { kind: 'notSent', problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } },
    ]);
  });
});

describe('rows of a list that break its contract', () => {
  it('do not affect the other rows', async () => {
    const { sandbox, adapter } = await start();
    const good = sandbox.state.addJob();
    const shown = [{ status: null }, { auth_id: {} }, { endpoint_name: 7 }].map((odd) => sandbox.state.addJob({ odd }));
    sandbox.state.addJob({ odd: { job_id: null } });
    expect((await list(adapter)).map(({ vendorId }) => vendorId).sort()).toEqual([good, ...shown].sort());
    expect(await read(adapter, shown[1] ?? '')).toMatchObject({ owner: null, status: 'RUNNING' });
    expect(await adapter.getJobs(['5'], call)).toMatchObject([{ kind: 'problem', problem: { code: 'INVALID_VENDOR_RESPONSE' } }]);
  });
});
