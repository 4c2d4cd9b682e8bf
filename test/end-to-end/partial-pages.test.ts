import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SystemConfig } from '../../src/config/systems.ts';
import { type SystemName, startWithSandboxes, systemNames, type WithSandboxes } from '../start.ts';
import { addJob, failReads } from './jobs.ts';
import { addManyJobs, idsOf, list, listAll, type Page, rowsOf } from './pages.ts';

const jobsOfEach = 20;

let jobyard: WithSandboxes;
let everything: string[];
beforeEach(async () => {
  jobyard = await startWithSandboxes({ jobs: 0, change: (config) => withTwoLibraries({ ...config, timeoutMs: 1_000 }) });
  addManyJobs(jobyard, jobsOfEach);
  everything = idsOf((await list(jobyard, { first: 500 })).nodes).sort();
});
afterEach(() => jobyard.close());

/** The failures of more libraries in one page would open the circuit breaker, which isn't tested here. */
function withTwoLibraries(config: SystemConfig): SystemConfig {
  const { settings } = config;
  if (typeof settings !== 'object' || settings === null || !('libraries' in settings) || !Array.isArray(settings.libraries)) return config;
  return { ...config, settings: { ...settings, libraries: settings.libraries.slice(0, 2) } };
}

function pageOf(page: Page | undefined, system: SystemName) {
  return page?.systems.find((entry) => entry.system.id === system);
}

function repair(system: SystemName): void {
  jobyard.sandboxes[system].faults.clear();
}

const faultCases = [
  ['answers 503', { kind: 'answer', status: 503, applied: false }, 'UNAVAILABLE', 'SYSTEM_UNAVAILABLE'],
  ['is too slow', { kind: 'slow', ms: 60_000 }, 'TIMED_OUT', 'TIMED_OUT'],
  [
    'answers with a page of a proxy',
    { kind: 'answer', status: 200, body: '<html>', applied: false },
    'UNAVAILABLE',
    'INVALID_VENDOR_RESPONSE',
  ],
  ['asks for patience', { kind: 'answer', status: 429, applied: false }, 'RATE_LIMITED', 'RATE_LIMITED'],
  ['denies access', { kind: 'answer', status: 403, applied: false }, 'ACCESS_DENIED', 'ACCESS_DENIED'],
] as const;

describe.each(systemNames)('a page while %s', (system) => {
  test.each(faultCases)(
    '%s has the rows of the others and reports the failure; later pages have the missing rows',
    async (_what, fault, status, code) => {
      failReads(jobyard, system, fault);
      const pages = await listAll(jobyard, { first: 15 }, (before) => {
        if (before.length === 1) repair(system);
      });
      expect(pages[0]?.complete).toBe(false);
      expect(pages[0]?.nodes).toHaveLength(15);
      expect(pages[0]?.nodes.filter(({ systemId }) => systemId === system)).toEqual([]);
      expect(pageOf(pages[0], system)).toMatchObject({ status, returnedCount: 0, totalCount: null, problem: { code } });
      for (const other of systemNames) {
        if (other !== system)
          expect(pageOf(pages[0], other)).toMatchObject({ status: expect.stringMatching(/^(OK|END_REACHED)$/), problem: null });
      }
      expect(pages.slice(1).every(({ complete }) => complete)).toBe(true);
      expect(idsOf(rowsOf(pages)).sort()).toEqual(everything);
    },
  );

  test('is unavailable from the second page to the fourth: no row is lost or repeated', async () => {
    const orderBy = { field: 'FINISHED_AT', direction: 'ASC' } as const;
    const pages = await listAll(jobyard, { first: 12, orderBy }, async (before) => {
      // Takes what the page before has left over, which needs no request.
      if (before.length < 3) await list(jobyard, { first: 12, orderBy, after: before.at(-1)?.pageInfo.endCursor ?? null });
      if (before.length === 1) failReads(jobyard, system, { kind: 'answer', status: 403, applied: false });
      if (before.length === 3) repair(system);
    });
    expect(pages.slice(0, 4).map(({ complete }) => complete)).toEqual([true, false, false, true]);
    expect(idsOf(rowsOf(pages)).sort()).toEqual(everything);
  });

  test('stays unavailable: the pages end, with all rows of the others', async () => {
    failReads(jobyard, system, { kind: 'answer', status: 403, applied: false });
    const pages = await listAll(jobyard, { first: 15 });
    expect(pages.length).toBeLessThan(10);
    expect(pages.every(({ complete }) => !complete)).toBe(true);
    expect(idsOf(rowsOf(pages)).sort()).toEqual(everything.filter((id) => !id.startsWith(`${system}:`)));
    // The last cursor still leads to the rows that are missing.
    repair(system);
    const rest = await list(jobyard, { first: 500, after: pages.at(-1)?.pageInfo.endCursor ?? null });
    expect(rest).toMatchObject({ complete: true });
    expect(idsOf(rest.nodes).sort()).toEqual(everything.filter((id) => id.startsWith(`${system}:`)));
  });

  test('that is the only selected one is unavailable: no rows, and the page is incomplete', async () => {
    failReads(jobyard, system, { kind: 'answer', status: 403, applied: false });
    const page = await list(jobyard, { filter: { systemIds: [system] } });
    expect(page).toMatchObject({ nodes: [], complete: false, systems: [{ status: 'ACCESS_DENIED' }] });
  });

  test('gets new jobs between the pages: all earlier jobs are listed, each once', async () => {
    const pages = await listAll(jobyard, { first: 9 }, () => {
      addJob(jobyard, system);
    });
    const ids = idsOf(rowsOf(pages));
    expect(new Set(ids).size).toBe(ids.length);
    expect(everything.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

test('all systems are unavailable: an empty page reports it', async () => {
  for (const system of systemNames) failReads(jobyard, system, { kind: 'answer', status: 403, applied: false });
  const page = await list(jobyard);
  expect(page).toMatchObject({ nodes: [], complete: false, pageInfo: { hasNextPage: false, endCursor: null } });
  expect(page.systems.map(({ status }) => status)).toEqual(systemNames.map(() => 'ACCESS_DENIED'));
});

test('one of several AODocs libraries is unavailable: the page has the rows of the others and is incomplete', async () => {
  const libraries = jobyard.sandboxes.aodocs.settings.libraries as string[];
  expect(libraries.length).toBeGreaterThan(1);
  jobyard.sandboxes.aodocs.faults.add({
    fault: { kind: 'answer', status: 403, applied: false },
    path: String(libraries[0]),
    times: 'always',
  });
  const page = await list(jobyard, { filter: { systemIds: ['aodocs'] } });
  expect(page).toMatchObject({ complete: false, systems: [{ status: 'ACCESS_DENIED' }] });
  expect(page.nodes.length).toBeGreaterThan(0);
  expect(page.nodes.length).toBeLessThan(jobsOfEach);
});

test('a scan that ends at scanLimit is incomplete, with the reason', async () => {
  await jobyard.close();
  jobyard = await startWithSandboxes({ jobs: 0, change: (config) => ({ ...config, scanLimit: 10 }) });
  addManyJobs(jobyard, 300);
  const page = await list(jobyard, { filter: { systemIds: ['veeva-vault'] }, first: 5 });
  expect(page.complete).toBe(false);
  expect(page.systems[0]?.problem).toMatchObject({ code: 'SCAN_LIMIT_REACHED', message: expect.stringContaining('scanLimit') });
  expect(page.nodes).toHaveLength(5);
});
