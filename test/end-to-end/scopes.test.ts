import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fourSystems, startWithSandboxes, type WithSandboxes } from '../start.ts';
import { addManyJobs, idsOf, list, listAll, rowsOf } from './pages.ts';

let jobyard: WithSandboxes;
/** The ids of all jobs, by project or library. */
const idsByScope = new Map<string, string[]>();
let libraries: string[];

beforeAll(async () => {
  // No other has scopes of these names.
  jobyard = await startWithSandboxes({ jobs: 0, systems: fourSystems });
  addManyJobs(jobyard, 24);
  libraries = jobyard.sandboxes.aodocs.settings.libraries as string[];
  for (const { jobId, libraryId } of jobyard.sandboxes.aodocs.state.jobs()) add(String(libraryId), `aodocs:${jobId}`);
  for (const { id, project } of jobyard.sandboxes.kylin.state.jobs()) add(project, `kylin:${id}`);
});
beforeEach(() => {
  for (const system of fourSystems) jobyard.sandboxes[system].requests.clear();
});
afterAll(() => jobyard.close());

function add(scope: string, id: string): void {
  idsByScope.set(scope, [...(idsByScope.get(scope) ?? []), id]);
}

const requests = () => fourSystems.map((system) => jobyard.sandboxes[system].requests.count());

test('a list of a library contains its jobs and requests only that library from AODocs', async () => {
  const [library = ''] = libraries;
  const page = await list(jobyard, { filter: { scopes: [library] }, first: 100 });
  expect(idsOf(page.nodes).sort()).toEqual(idsByScope.get(library)?.sort());
  expect(page).toMatchObject({ complete: true, pageInfo: { hasNextPage: false } });
  const { aodocs, kinetica, 'veeva-vault': vault } = jobyard.sandboxes;
  expect(aodocs.requests.all().map(({ target }) => target.split('?')[0])).toEqual([`/api/job/v1/libraries/${library}`]);
  expect([kinetica.requests.count(), vault.requests.count()]).toEqual([0, 0]);
});

test('scopes of two vendors are listed together, page by page', async () => {
  const wanted = [libraries[1] ?? '', 'finance', libraries[3] ?? ''];
  const pages = await listAll(jobyard, { filter: { scopes: [...wanted, 'finance'] }, first: 5 });
  expect(idsOf(rowsOf(pages)).sort()).toEqual(wanted.flatMap((scope) => idsByScope.get(scope) ?? []).sort());
  expect(pages.every(({ complete }) => complete)).toBe(true);
  expect(pages[0]?.systems.map(({ system }) => system.id).sort()).toEqual(['aodocs', 'kylin']);
});

test('scopes are case-sensitive', async () => {
  const page = await list(jobyard, { filter: { scopes: ['RETAIL', libraries[0]?.toLowerCase()] }, first: 100 });
  expect(page).toMatchObject({ nodes: [], complete: true });
});

test('systems without scopes, and AODocs for an unconfigured library, get no request', async () => {
  const page = await list(jobyard, { filter: { scopes: ['nowhere'], systemIds: ['kinetica', 'veeva-vault', 'aodocs'] } });
  expect(page).toMatchObject({ nodes: [], complete: true, pageInfo: { hasNextPage: false } });
  expect(page.systems.map(({ system }) => system.id)).toEqual(['aodocs']);
  expect(requests()).toEqual(fourSystems.map(() => 0));
});

test('a cursor belongs to its scopes', async () => {
  const scopes = ['retail', 'finance'];
  const page = await list(jobyard, { filter: { scopes }, first: 3 });
  const after = page.pageInfo.endCursor;
  expect(await list(jobyard, { filter: { scopes: scopes.toReversed() }, first: 3, after })).toMatchObject({ complete: true });
  await expect(list(jobyard, { filter: { scopes: ['retail'] }, first: 3, after })).rejects.toThrow('not a cursor of this list');
});
