import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/actions/decide.ts';
import { createListWalk } from '../../../src/reading/list-walk.ts';
import { createJobReader } from '../../../src/reading/reader.ts';
import { act, call, connect, everything, listIds, read, readResult, readSteps, settings, start, startServer } from './setup.ts';

describe('monitors that shrink while their pages are read', () => {
  it('lose no row: jobs that end move those behind them forward, past the start of the next page', async () => {
    const { sandbox, adapter } = await start();
    const ids = sandbox.state.addJobs(450, { status: 'QUEUED' });
    const query = { ...everything, statuses: new Set(['QUEUED'] as const) };
    const [source] = adapter.listJobs(query);
    if (!source) throw new Error('No list');
    const walk = createListWalk({ systemId: 'vault', source, query, call, pageSize: 200, grows: false });
    const seen = new Set<number>();
    for (let page = await walk.next(), pages = 1; page; page = await walk.next(), pages += 1) {
      // Some of the first page's jobs end before the second is read, others before the third.
      const gone = pages === 1 ? 20 : pages === 2 ? 7 : 0;
      for (const { vendorId } of page.jobs.slice(0, gone)) sandbox.state.removeJob(Number(vendorId));
      for (const { vendorId } of page.jobs) seen.add(Number(vendorId));
    }
    expect([...seen].sort((one, other) => one - other)).toEqual(ids);
  });

  it('are read in as few requests as before where nothing moves', async () => {
    const { sandbox, adapter } = await start();
    sandbox.state.addJobs(450, { status: 'QUEUED' });
    await listIds(adapter);
    expect(sandbox.requests.count('GET', '/monitors')).toBe(3);
  });
});

describe('a start whose response was lost', () => {
  it.each([
    ['CANCELLED', 'OUTCOME_UNKNOWN'],
    ['CANCELLING', 'OUTCOME_UNKNOWN'],
    ['MISSED_SCHEDULE', 'OUTCOME_UNKNOWN'],
    ['QUEUEING', 'CONFIRMED'],
    ['ERRORS_ENCOUNTERED', 'CONFIRMED'],
  ])('is resolved by %s as %s: only a job that runs or ran shows a start', async (status, outcome) => {
    const { sandbox, adapter } = await start();
    const [id] = sandbox.state.addJobs(1, { status: status as 'CANCELLED' });
    const after = { kind: 'job', job: await read(adapter, id ?? 0) } as const;
    const problem = { code: 'SYSTEM_UNAVAILABLE', message: 'reset', retryable: true, retryAfterSeconds: null } as const;
    const response = { kind: 'inconclusive', problem } as const;
    const before = { ...after.job, status: 'SCHEDULED' } as const;
    const now = new Date();
    const attempt = { systemId: 'vault', adapter, action: 'START', before, response, attemptedAt: now, overdueAt: null } as const;
    expect(decide(attempt, after, now).result.outcome).toBe(outcome);
  });
});

describe('a rejection of a request that is not an action', () => {
  const refusal = (type: string) => ({ responseStatus: 'FAILURE', errors: [{ type, message: 'no' }] });

  it.each([
    ['OPERATION_NOT_ALLOWED', 'INVALID_VENDOR_RESPONSE'],
    ['RACE_CONDITION', 'SYSTEM_UNAVAILABLE'],
  ])('is no VENDOR_REJECTED: a read rejected with %s is %s', async (type, code) => {
    const { url } = await startServer(() => refusal(type));
    expect(await readResult(connect(url, settings), 7)).toMatchObject({ kind: 'problem', problem: { code } });
  });

  it('nor is a login', async () => {
    const { sandbox, adapter } = await start();
    sandbox.state.rejectNext({ type: 'PARAMETER_REQUIRED', path: '/auth', times: 1 });
    expect(await act(adapter, 'CANCEL', 7)).toMatchObject([{ kind: 'notSent', problem: { code: 'INVALID_VENDOR_RESPONSE' } }]);
  });
});

describe('a page without its rows', () => {
  it('is empty if its total is 0', async () => {
    const { url } = await startServer(() => ({ responseStatus: 'SUCCESS', responseDetails: { total: 0, limit: 200, offset: 0 } }));
    const adapter = connect(url, settings);
    expect(await listIds(adapter)).toEqual([]);
    expect(await adapter.checkHealth(call)).toBeNull();
  });

  it('is unreadable if its total is not 0, or missing', async () => {
    const { url } = await startServer(({ url: path }) => ({
      responseStatus: 'SUCCESS',
      ...(path?.includes('limit=1') ? {} : { responseDetails: { total: 3 } }),
    }));
    const adapter = connect(url, settings);
    await expect(listIds(adapter)).rejects.toThrow('INVALID_VENDOR_RESPONSE');
    expect(await adapter.checkHealth(call)).toMatchObject({ code: 'INVALID_VENDOR_RESPONSE' });
  });

  it('makes a job without tasks', async () => {
    const { url } = await startServer(({ url: path }) =>
      path?.includes('/tasks')
        ? { responseStatus: 'SUCCESS', responseDetails: { total: 0 }, job_id: 7 }
        : { responseStatus: 'SUCCESS', data: { id: 7, status: 'SUCCESS' } },
    );
    const adapter = connect(url, settings);
    expect(await readSteps(adapter, await read(adapter, 7))).toEqual({ ok: true, value: null });
  });
});

it.each(['', '/gateway'])('behind a gateway at /gateway, links that begin with "%s/api" are followed', async (start) => {
  const { url } = await startServer(({ url: path }) => {
    if (!path?.startsWith('/gateway/api/v26.1/services/jobs/7')) return { responseStatus: 'FAILURE' };
    if (!path.includes('/tasks')) return { responseStatus: 'SUCCESS', data: { id: 7, status: 'RUNNING' } };
    const isFirst = !path.includes('offset');
    const link = isFirst ? { next_page: `${start}/api/v26.1/services/jobs/7/tasks?limit=200&offset=200` } : {};
    return { responseStatus: 'SUCCESS', responseDetails: { total: 2, ...link }, tasks: [{ id: isFirst ? 'A' : 'B', state: 'RUNNING' }] };
  });
  const adapter = connect(`${url}/gateway/`, settings);
  expect(await readSteps(adapter, await read(adapter, 7))).toMatchObject({ ok: true, value: [{ id: 'A' }, { id: 'B' }] });
});

it('the 10 seconds between two reads of a job count from the response, as the first may have waited for the login', async () => {
  const { sandbox, adapter } = await start();
  const [id] = sandbox.state.addJobs(1, { status: 'RUNNING' });
  let now = 1_000_000;
  const slow: typeof adapter = {
    ...adapter,
    async getJobs(vendorIds, by) {
      const results = await adapter.getJobs(vendorIds, by);
      now += 2_000;
      return results;
    },
  };
  const reader = createJobReader({ systemId: 'vault', adapter: slow, concurrency: 1, scanLimit: 100, nowMs: () => now });
  await reader.read([String(id)], call);
  now += 9_000;
  expect(await reader.read([String(id)], call)).toMatchObject([{ job: { stale: true, problem: null } }]);
  expect(sandbox.requests.count('GET', `/jobs/${id}`)).toBe(1);
});
