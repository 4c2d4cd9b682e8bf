import { describe, expect, it, onTestFinished } from 'vitest';
import { createSharedActions } from '../../../src/actions/shared-actions.ts';
import type { ServedSystem } from '../../../src/job-service/served-system.ts';
import type { JobFilter } from '../../../src/jobs/filter.ts';
import { createHealthMonitor } from '../../../src/jobs/health.ts';
import type { Job } from '../../../src/jobs/job.ts';
import { createKnownRowsStore } from '../../../src/listing/known-rows.ts';
import { createPagePlaces, type JobPage, listJobs } from '../../../src/listing/list-jobs.ts';
import { createJobReader } from '../../../src/reading/reader.ts';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import { createSystemRecord } from '../../../src/systems/system-record.ts';
import { nextWindow, parseWindow, windowName } from '../../../src/vendors/veeva-vault/adapter/list-windows.ts';
import { startVeevaVaultSandbox, type VaultSwitches } from '../../../src/vendors/veeva-vault/sandbox/index.ts';
import type { ReadableAdapter } from '../readable-adapter.ts';
import { call, connect, type VaultSandbox } from './setup.ts';

const hourMs = 3_600_000;

/** A Vault of today with so many jobs that ended over the last days, and so many that have not. */
async function startFull(ended: number, active: number, switches: Partial<VaultSwitches> = {}, settings: object = {}) {
  const startMs = Math.floor(Date.now() / 1_000) * 1_000;
  const clock = createClock({ startAtMs: startMs, frozen: true });
  const sandbox = await startVeevaVaultSandbox({ jobs: 0, clock, switches: { arrivals: false, ...switches } });
  onTestFinished(() => sandbox.close());
  // Denser at the end, some long runs among them, a few in the same second.
  for (let index = ended - 1; index >= 0; index -= 1) {
    const endedAtMs = startMs - Math.floor((index / 11_000) ** 1.3 * 20 * 24 * 3_600) * 1_000;
    const ranMs = index % 97 === 0 ? 30 * hourMs : 60_000 + (index % 7) * 1_000;
    const startedAtMs = endedAtMs - ranMs;
    sandbox.state.addJob({ status: 'SUCCESS', frozen: true, createdAtMs: startedAtMs - 5_000, startedAtMs, endedAtMs });
  }
  for (let index = 0; index < active; index += 1) {
    sandbox.state.addJob({ status: 'SCHEDULED', frozen: true, createdAtMs: startMs - index * hourMs });
  }
  const adapter = connect(sandbox.url, { ...sandbox.settings, reads: 'auto', ...settings });
  await adapter.checkHealth(call);
  sandbox.requests.clear();
  return { sandbox, adapter, system: systemOf(adapter) };
}

function systemOf(adapter: ReadableAdapter): ServedSystem {
  const limits = { concurrency: 4, scanLimit: 10_000 };
  const reader = createJobReader({ systemId: 'vault', adapter, ...limits });
  const health = createHealthMonitor(adapter);
  return {
    id: 'vault',
    vendor: 'veeva-vault',
    title: 'Vault',
    adapter,
    ...limits,
    reader,
    health,
    state: createSystemRecord(Date.now, 0, () => {}),
    pagePlaces: createPagePlaces(4),
    knownRows: createKnownRowsStore(),
    sharedActions: createSharedActions(),
  };
}

const order = { field: 'CREATED_AT', direction: 'DESC' } as const;

function pageReader(system: ServedSystem, filter: JobFilter = {}) {
  return async (first: number, after: string | null): Promise<JobPage> => {
    const page = await listJobs([system], { filter, order, first, after }, () => call);
    if (!page) throw new Error('Not a cursor of this list');
    return page;
  };
}

/** The creations of all jobs, newest first. */
function creations({ state }: VaultSandbox): number[] {
  const jobs = [...state.unfinished(), ...state.ended()];
  return jobs.map(({ createdAtMs }) => createdAtMs).sort((one, other) => other - one);
}

const createdMs = ({ createdAt }: Job): number => createdAt?.getTime() ?? Number.NaN;

describe('a Vault with more than 10,000 histories', () => {
  it('gives its newest jobs in a handful of requests, exactly', { timeout: 60_000 }, async () => {
    const { sandbox, system } = await startFull(11_000, 20);
    const read = pageReader(system);
    const page = await read(20, null);
    expect(page).toMatchObject({ complete: true, systems: [{ status: 'OK', problem: null }] });
    expect(page.jobs.map(createdMs)).toEqual(creations(sandbox).slice(0, 20));
    const firstPage = sandbox.requests.count();
    expect(firstPage).toBeLessThanOrEqual(9);
    sandbox.requests.clear();
    const second = await read(20, page.endCursor());
    expect(second.jobs.map(createdMs)).toEqual(creations(sandbox).slice(20, 40));
    expect(second.complete).toBe(true);
    expect(sandbox.requests.count()).toBeLessThanOrEqual(firstPage + 2);
  });

  it.each([
    {},
    { historiesOrder: 'run_end_date' },
    { historiesDateField: 'created_date' },
    { historiesDateField: 'run_start_date' },
    { dateBoundsInclusive: false },
  ] as Partial<VaultSwitches>[])('loses and repeats none over pages of 500: %j', { timeout: 120_000 }, async (switches) => {
    const { sandbox, system } = await startFull(4_000, 30, switches);
    const read = pageReader(system);
    const seen: string[] = [];
    let after: string | null = null;
    for (let hasNext = true; hasNext; ) {
      const page: JobPage = await read(500, after);
      expect(page.complete).toBe(true);
      seen.push(...page.jobs.map(({ vendorId }) => vendorId));
      hasNext = page.hasNextPage;
      after = page.endCursor();
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(4_030);
    expect(sandbox.requests.count('GET', 'start_date')).toBeGreaterThan(0);
  });
});

describe('a Vault with few histories', () => {
  it('is read as before: each list once', async () => {
    const { sandbox, system } = await startFull(1_000, 5);
    expect(await pageReader(system)(20, null)).toMatchObject({ complete: true });
    expect([sandbox.requests.count('GET', '/monitors'), sandbox.requests.count('GET', '/histories')]).toEqual([1, 6]);
    expect(sandbox.requests.count('GET', '_date')).toBe(0);
  });
});

describe('a window', () => {
  const limits = { nowMs: 100_000_000, earliestMs: null };

  it('is a part of the list by its name', () => {
    for (const window of [
      { fromMs: 5, toMs: null, left: 7 },
      { fromMs: null, toMs: 9, left: 0 },
      { fromMs: 1, toMs: 2, left: 3 },
    ]) {
      expect(parseWindow(windowName(window))).toEqual(window);
    }
    for (const name of [null, 'histories', 'histories:1:2', 'histories:1:2:3:4', 'histories:-1:2:3', 'monitors:1:2:3'])
      expect(parseWindow(name)).toBeNull();
  });

  it('is as wide as the one before was dense, and the last one is open', () => {
    const window = { fromMs: 90_000_000, toMs: 96_000_000, left: 5_000 };
    expect(nextWindow(window, 390, limits)).toEqual({ fromMs: 84_000_000, toMs: 90_002_000, left: 4_610 });
    expect(nextWindow(window, 780, limits)).toMatchObject({ fromMs: 87_000_000 });
    expect(nextWindow(window, 0, limits)).toMatchObject({ fromMs: 66_000_000 });
    expect(nextWindow({ ...window, left: 600 }, 300, limits)).toEqual({ fromMs: null, toMs: 90_002_000, left: 300 });
    expect(nextWindow(window, 390, { ...limits, earliestMs: 89_000_000 })).toMatchObject({ fromMs: null });
    expect(nextWindow({ ...window, fromMs: null }, 390, limits)).toBeNull();
  });
});

describe('types', () => {
  it('are queried for each page of a list that is filtered by them', async () => {
    const { sandbox, system } = await startFull(300, 10);
    const sdk = sandbox.state.addJob({ taskIds: ['A'], frozen: true });
    const page = await pageReader(system, { types: ['sdk_job'] })(20, null);
    expect(page.jobs).toMatchObject([{ vendorId: String(sdk), type: 'sdk_job' }]);
    expect(page.complete).toBe(true);
  });

  it.each([{ queryIdFilter: 'rejected' }, { queryHidesFields: 'job_type__sys' }, { queryAccess: 'denied' }] as Partial<VaultSwitches>[])(
    'that are not known make the list incomplete: %j',
    async (switches) => {
      const { system } = await startFull(3, 1, switches);
      const page = await pageReader(system, { types: ['sdk_job'] })(20, null);
      expect(page).toMatchObject({ jobs: [], complete: false });
      expect(page.systems[0]?.problem).toMatchObject({ code: 'INCOMPLETE_LIST', message: expect.stringContaining('types') });
    },
  );

  it('are unknown with reads: rest, so the list is incomplete, without a request', async () => {
    const { sandbox, system } = await startFull(3, 1, {}, { reads: 'rest' });
    const page = await pageReader(system, { types: ['sdk_job'] })(20, null);
    expect(page).toMatchObject({ jobs: [], complete: false });
    expect(sandbox.requests.count()).toBe(0);
  });

  it('need no request for a list without a filter by them, and are left out there', async () => {
    const { sandbox, system } = await startFull(3, 1);
    const page = await pageReader(system)(20, null);
    expect(page.jobs.map(({ type, leftOut }) => [type, leftOut])).toEqual(page.jobs.map(() => [null, ['type', 'waitSeconds']]));
    expect(sandbox.requests.count()).toBe(2);
    const full = await system.reader.readLeftOut(page.jobs, call);
    expect(full.map((outcome) => outcome.ok && outcome.value.type)).toEqual(page.jobs.map(() => 'export_documents'));
    expect(sandbox.requests.count()).toBe(4);
  });
});
