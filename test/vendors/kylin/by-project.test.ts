import { describe, expect, it } from 'vitest';
import { performAction } from '../../../src/actions/perform-action.ts';
import type { ReadableAdapter } from '../readable-adapter.ts';
import { call, connect, read, sentActions, sentQueries, startSandbox, targetsOf, toSystem } from './setup.ts';

const unknownId = '00000000-0000-4000-8000-000000000000';
const operator = { username: 'etl_svc', password: 'nightly-loads' };
const reader = { username: 'maria.keller', password: 'only-looking' };

/** Kylin 5.0.5 with a job in each of three projects, and an adapter for an account that may operate two of them. */
async function start(settings: object = operator) {
  const sandbox = await startSandbox({ globalList: 'rejected' });
  const [retail, finance, other] = ['retail', 'finance', 'supply_chain'].map((project) =>
    sandbox.state.addJob({ project, state: 'RUNNING' }),
  );
  if (!retail || !finance || !other) throw new Error('No jobs');
  return { sandbox, adapter: connect(sandbox.url, settings), retail, finance, other };
}

type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

const projectsAsked = (sandbox: Sandbox) => sentQueries(sandbox).map(({ project }) => project ?? null);
const discoveries = (sandbox: Sandbox) => sandbox.requests.all().filter(({ target }) => target.includes('/projects?')).length;

async function kindOf(adapter: ReadableAdapter, id: string): Promise<string | undefined> {
  const [result] = await adapter.getJobs([id], call);
  return result?.kind === 'problem' ? result.problem.code : result?.kind;
}

describe('A Kylin that rejects lists of all projects', () => {
  it('shows a job by id to an account that may operate its project, and no other', async () => {
    const { sandbox, adapter, retail, finance, other } = await start();
    expect(await read(adapter, finance)).toMatchObject({ vendorId: finance, scope: 'finance', status: 'RUNNING' });
    expect(projectsAsked(sandbox)).toEqual([null, 'retail', 'finance']);
    expect(await read(adapter, retail)).toMatchObject({ scope: 'retail' });
    expect(await kindOf(adapter, other)).toBe('notFound');
    expect(await kindOf(adapter, unknownId)).toBe('notFound');
    expect(discoveries(sandbox)).toBe(1);
  });

  it('is queried for a known job in its own project only', async () => {
    const { sandbox, adapter, finance } = await start();
    await read(adapter, finance);
    sandbox.requests.clear();
    await read(adapter, finance);
    expect(projectsAsked(sandbox)).toEqual(['finance']);
    // A job that has left the project is searched in the others, once.
    sandbox.state.removeJob(finance);
    sandbox.requests.clear();
    expect(await kindOf(adapter, finance)).toBe('notFound');
    expect(projectsAsked(sandbox)).toEqual(['finance', 'retail']);
  });

  it('cancels the jobs of each project, and verifies them', async () => {
    const { sandbox, adapter, retail, finance, other } = await start();
    const results = await performAction(toSystem(adapter), 'CANCEL', [retail, finance, other], { dryRun: false }, call);
    expect([retail, finance, other].map((id) => results.get(id)?.outcome)).toEqual(['CONFIRMED', 'CONFIRMED', 'JOB_NOT_FOUND']);
    expect(sentActions(sandbox)).toEqual([
      { action: 'DISCARD', project: 'retail', job_ids: [retail] },
      { action: 'DISCARD', project: 'finance', job_ids: [finance] },
    ]);
    expect(sandbox.state.getJob(other)?.state).toBe('RUNNING');
  });

  it('shows steps of a job', async () => {
    const { adapter, finance } = await start();
    expect(await adapter.getSteps?.(await read(adapter, finance), call)).toMatchObject({ ok: true, value: [{}, {}, {}] });
  });

  it('is healthy if one project responds', async () => {
    const { sandbox, adapter } = await start();
    expect(await adapter.checkHealth(call)).toBeNull();
    expect(projectsAsked(sandbox)).toEqual([null, 'retail']);
    await adapter.checkHealth(call);
    expect(projectsAsked(sandbox)).toEqual([null, 'retail', 'retail']);
    sandbox.state.accounts.find('etl_svc', true)?.permissions.delete('retail');
    expect(await adapter.checkHealth(call)).toBeNull();
  });

  it('reports the missing permission of an account', async () => {
    const { adapter, retail } = await start(reader);
    const problem = { code: 'ACCESS_DENIED', message: expect.stringMatching(/no project in which its user has the Operation permission/) };
    expect(await adapter.getJobs([retail], call)).toMatchObject([{ kind: 'problem', problem }]);
    expect(await adapter.checkHealth(call)).toMatchObject(problem);
  });

  it('responds to a global administrator in one request each', async () => {
    const { sandbox, retail, other } = await start();
    const admin = connect(sandbox.url, sandbox.settings);
    await read(admin, other);
    await read(admin, retail);
    await admin.checkHealth(call);
    expect(projectsAsked(sandbox)).toEqual([null, null, null]);
  });
});

describe('Configured projects', () => {
  it('are the only ones that are queried', async () => {
    const { sandbox, adapter, retail, finance } = await start({ ...operator, projects: ['finance'] });
    expect(await kindOf(adapter, finance)).toBe('job');
    expect(await kindOf(adapter, retail)).toBe('notFound');
    expect(await adapter.checkHealth(call)).toBeNull();
    expect(new Set(projectsAsked(sandbox))).toEqual(new Set(['finance']));
    expect(discoveries(sandbox)).toBe(0);
  });

  it.each([
    ['supply_chain', 'ACCESS_DENIED', 'denied access to project "supply_chain"'],
    ['nowhere', 'INVALID_VENDOR_RESPONSE', 'no project "nowhere"'],
  ])('that are wrong (%s) leave a job that is not found open, and do not hide one that is', async (wrong, code, words) => {
    const { adapter, finance } = await start({ ...operator, projects: [wrong, 'finance'] });
    expect(await kindOf(adapter, finance)).toBe('job');
    const problem = { code, message: expect.stringContaining(words) };
    expect(await adapter.getJobs([unknownId], call)).toMatchObject([{ kind: 'problem', problem }]);
    expect(await adapter.checkHealth(call)).toBeNull();
  });

  it('name the project of a job whose row does not', async () => {
    const { sandbox, adapter, finance } = await start({ ...operator, projects: ['finance'] });
    const body = JSON.stringify({ code: '000', data: { value: [{ id: finance, job_status: 'RUNNING' }], total_size: 1 } });
    sandbox.faults.add({
      method: 'GET',
      fault: { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body, applied: false },
    });
    expect(await targetsOf(adapter, finance)).toMatchObject([{ job: { scope: 'finance' } }]);
  });
});
