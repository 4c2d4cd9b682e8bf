import { describe, expect, it, test } from 'vitest';
import { checks } from '../../../src/conformance/index.ts';
import type { ServedSystem } from '../../../src/job-service/served-system.ts';
import { iterateJobs } from '../../../src/listing/iterate-jobs.ts';
import { type JobPage, listJobs } from '../../../src/listing/list-jobs.ts';
import type { ListOptions } from '../../../src/listing/list-options.ts';
import type { ReadableAdapter } from '../readable-adapter.ts';
import { call, connect, minuteMs, nowMs, sentQueries, startSandbox, toSystem } from './setup.ts';

const operator = { username: 'etl_svc', password: 'nightly-loads' };
const projects = ['retail', 'finance', 'supply_chain'] as const;

/** Kylin 5.0.5 with jobs of three projects by turns, newest first, and an account that may operate retail and finance. */
async function start(count = 30, settings: object = operator) {
  const sandbox = await startSandbox({ globalList: 'rejected' });
  const jobs = Array.from({ length: count }, (_, index) => {
    const project = projects[index % 3] ?? 'retail';
    return { id: sandbox.state.addJob({ project, state: 'RUNNING', createTime: nowMs - index * minuteMs }), project };
  });
  const adapter = connect(sandbox.url, settings);
  return {
    sandbox,
    adapter,
    system: toSystem(adapter),
    idsOf: (...names: string[]) => jobs.filter(({ project }) => names.includes(project)).map(({ id }) => id),
  };
}

type Sandbox = Awaited<ReturnType<typeof startSandbox>>;
const asked = (sandbox: Sandbox) => sentQueries(sandbox).map(({ project }) => project ?? null);
const discoveries = (sandbox: Sandbox) => sandbox.requests.all().filter(({ target }) => target.includes('/projects?')).length;

async function list(system: ServedSystem, options: Partial<ListOptions> = {}): Promise<JobPage> {
  const page = await listJobs(
    [system],
    { filter: {}, order: { field: 'CREATED_AT', direction: 'DESC' }, first: 100, after: null, ...options },
    () => call,
  );
  if (!page) throw new Error('No page');
  return page;
}

/** Pages until the end; `between` is called after each. */
async function walk(system: ServedSystem, options: Partial<ListOptions>, between: (pages: number) => void = () => {}) {
  const ids: string[] = [];
  let complete = true;
  let pages = 0;
  for (let page = await list(system, options); ; page = await list(system, { ...options, after: page.endCursor() })) {
    ids.push(...page.jobs.map(({ vendorId }) => vendorId));
    complete &&= page.complete;
    pages += 1;
    if (!page.hasNextPage || pages > 100) return { ids, complete };
    between(pages);
  }
}

async function select(system: ServedSystem) {
  const ids: string[] = [];
  const problems: string[] = [];
  for await (const rows of iterateJobs(system, {}, call)) {
    if (rows.ok) ids.push(...rows.value.map(({ vendorId }) => vendorId));
    else problems.push(rows.problem.code);
  }
  return { ids, problems };
}

describe('A list of a Kylin that rejects lists of all projects', () => {
  it('merges the lists of the projects that the account may operate', async () => {
    const { sandbox, system, idsOf } = await start();
    const page = await list(system);
    expect(page.jobs.map(({ vendorId }) => vendorId)).toEqual(idsOf('retail', 'finance'));
    expect(page).toMatchObject({ complete: true, hasNextPage: false, systems: [{ status: 'END_REACHED', totalCount: 20, problem: null }] });
    expect(page.jobs[0]).toMatchObject({ scope: 'retail' });
    expect([asked(sandbox), discoveries(sandbox)]).toEqual([[null, 'retail', 'finance'], 1]);
    await list(system);
    expect([asked(sandbox).slice(3), discoveries(sandbox)]).toEqual([['retail', 'finance'], 1]);
  });

  it.each([
    ['CREATED_AT', 'DESC', 3],
    ['CREATED_AT', 'ASC', 1],
    ['FINISHED_AT', 'ASC', 4],
  ] as const)('by %s %s in pages of %i has every job once', async (field, direction, first) => {
    const { system, idsOf } = await start();
    const { ids, complete } = await walk(system, { order: { field, direction }, first });
    expect([...ids].sort()).toEqual(idsOf('retail', 'finance').sort());
    expect(complete).toBe(true);
  });

  it('shows the project of each job to a later read by id', async () => {
    const { sandbox, adapter, system, idsOf } = await start();
    await list(system);
    sandbox.requests.clear();
    await adapter.getJobs(idsOf('finance').slice(0, 1), call);
    expect(asked(sandbox)).toEqual(['finance']);
  });

  it('continues at its position if Kylin starts to reject lists of all projects', async () => {
    const { sandbox, system, idsOf } = await start();
    sandbox.switches.globalList = 'permitted';
    const { ids, complete } = await walk(system, { first: 3 }, (pages) => {
      if (pages === 2) sandbox.switches.globalList = 'rejected';
    });
    expect(ids).toEqual(idsOf('retail', 'finance'));
    expect(complete).toBe(true);
  });

  it('reports that jobs may be missing if a project is deleted, and loses no other job', async () => {
    const { sandbox, system, idsOf } = await start(60, { ...operator, projects: ['retail', 'finance'] });
    const permissions = sandbox.state.accounts.find('etl_svc', true)?.permissions;
    const { ids, complete } = await walk(system, { first: 6 }, (pages) => {
      if (pages === 2) permissions?.delete('finance');
    });
    expect(complete).toBe(false);
    expect(idsOf('retail').every((id) => ids.includes(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('of a configured project that is denied loses only its own rows', async () => {
    const { system, idsOf } = await start(30, { ...operator, projects: ['retail', 'supply_chain', 'nowhere'] });
    const page = await list(system);
    expect(page.jobs.map(({ vendorId }) => vendorId)).toEqual(idsOf('retail'));
    const message = expect.stringContaining('denied access to project "supply_chain"');
    expect(page).toMatchObject({ complete: false, systems: [{ status: 'ACCESS_DENIED', problem: { message } }] });
    const selected = await select(system);
    expect(selected.ids.sort()).toEqual(idsOf('retail').sort());
    expect(selected.problems).toEqual(['ACCESS_DENIED']);
  });

  it('for an account without projects is a problem that names the missing permission', async () => {
    const { system } = await start(3, { username: 'maria.keller', password: 'only-looking' });
    const message = expect.stringContaining('no project in which its user has the Operation permission');
    expect(await list(system)).toMatchObject({ jobs: [], complete: false, systems: [{ status: 'ACCESS_DENIED', problem: { message } }] });
    expect(await select(system)).toEqual({ ids: [], problems: ['ACCESS_DENIED'] });
  });

  it('reports that it is incomplete if there are more projects than it queries', async () => {
    const { sandbox, system } = await start(0);
    const account = sandbox.state.accounts.find('etl_svc', true);
    for (let index = 0; index < 120; index += 1) {
      sandbox.state.projects.add(`p${index}`);
      account?.permissions.set(`p${index}`, 'OPERATION');
    }
    expect(await list(system)).toMatchObject({
      complete: false,
      systems: [{ problem: { code: 'SCAN_LIMIT_REACHED', message: expect.stringContaining('122 projects') } }],
    });
  });

  it('is whole in a bulk selection, and in reads of many ids', async () => {
    const { sandbox, adapter, system, idsOf } = await start(240);
    const own = idsOf('retail', 'finance');
    const { ids, problems } = await select(system);
    expect([ids.sort(), problems]).toEqual([[...own].sort(), []]);
    sandbox.requests.clear();
    const reads = await toSystem(adapter).reader.read(own, call);
    expect(reads.every(({ kind }) => kind === 'job')).toBe(true);
    expect(sandbox.requests.count()).toBeLessThan(10);
  });

  it('of some scopes queries only these projects', async () => {
    const { sandbox, system, idsOf } = await start();
    await list(system);
    sandbox.requests.clear();
    const page = await list(system, { filter: { scopes: ['finance', 'supply_chain'] } });
    expect(page.jobs.map(({ vendorId }) => vendorId)).toEqual(idsOf('finance'));
    expect(page).toMatchObject({ complete: true, systems: [{ totalCount: 10 }] });
    expect(asked(sandbox)).toEqual(['finance']);
  });

  it('needs one request for a global administrator', async () => {
    const { sandbox } = await start();
    const admin = toSystem(connect(sandbox.url, sandbox.settings));
    expect((await list(admin)).jobs).toHaveLength(30);
    expect([asked(sandbox), discoveries(sandbox)]).toEqual([[null], 0]);
  });
});

describe('Scopes of a listing of a Kylin that lists all projects at once', () => {
  const scoped = (system: ServedSystem, ...scopes: string[]) => list(system, { filter: { scopes } });

  it('are sent to Kylin, and an unknown project has no jobs', async () => {
    const { sandbox, idsOf } = await start();
    const admin = toSystem(connect(sandbox.url, sandbox.settings));
    const page = await scoped(admin, 'finance', 'nowhere');
    expect(page.jobs.map(({ vendorId }) => vendorId)).toEqual(idsOf('finance'));
    expect(page).toMatchObject({ complete: true, hasNextPage: false, systems: [{ totalCount: 10, problem: null }] });
    expect(asked(sandbox).sort()).toEqual(['finance', 'nowhere']);
    expect((await scoped(admin, 'FINANCE')).jobs).toEqual([]);
    const many = Array.from({ length: 11 }, (_, index) => `p${index}`);
    expect((await scoped(admin, 'retail', ...many)).jobs.map(({ vendorId }) => vendorId)).toEqual(idsOf('retail'));
    expect(asked(sandbox).at(-1)).toBeNull();
  });

  it('are picked from the list of all, if the account may see that one and not the project alone', async () => {
    const { sandbox, idsOf } = await start(30);
    sandbox.switches.globalList = 'open';
    const reader = toSystem(connect(sandbox.url, { username: 'maria.keller', password: 'only-looking' }));
    const page = await scoped(reader, 'finance');
    expect(page.jobs.map(({ vendorId }) => vendorId)).toEqual(idsOf('finance'));
    expect(page.complete).toBe(true);
    expect(asked(sandbox)).toEqual(['finance', null]);
    await scoped(reader, 'finance');
    expect(asked(sandbox)).toEqual(['finance', null, null]);
  });

  it('of a project that an account of 5.0.5 may not operate have no jobs', async () => {
    const { system } = await start();
    expect(await scoped(system, 'supply_chain')).toMatchObject({ jobs: [], complete: true });
  });
});

describe('The adapter of Kylin for an account of some projects', () => {
  const subjectOf = (adapter: ReadableAdapter) => ({
    adapter,
    createCall: () => ({ caller: 'test', signal: AbortSignal.timeout(10_000), credential: null }),
    secrets: [operator.password],
  });
  test.each(checks)('$statement ($id)', async ({ run }) => {
    const sandbox = await startSandbox({ globalList: 'rejected' }, 60);
    await run(subjectOf(connect(sandbox.url, operator)));
  });
});
