import { expect, test } from 'vitest';
import { previewBulk, readItems, startBulk, startBulkWorld, waitForEnd } from './start-bulk.ts';

test('a preview and its start keep to the scopes', { timeout: 120_000 }, async () => {
  const jobyard = await startBulkWorld();
  const { aodocs, kylin, kinetica } = jobyard.sandboxes;
  const [library = '', other = ''] = aodocs.state.libraries;
  const wanted = [
    `aodocs:${aodocs.state.addJob({ libraryId: library })}`,
    `kylin:${kylin.state.addJob({ state: 'RUNNING', project: 'retail', runMs: 7_200_000 })}`,
  ];
  aodocs.state.addJob({ libraryId: other });
  kylin.state.addJob({ state: 'RUNNING', project: 'finance' });
  kinetica.state.addJob();

  const scopes = [library, 'retail'];
  const preview = await previewBulk(jobyard, 'CANCEL', { scopes });
  expect(preview).toMatchObject({ matchedCount: 2, availableCount: 2, complete: true });
  expect(kinetica.requests.count()).toBe(0);
  const { id } = await startBulk(jobyard, { filter: { scopes: scopes.toReversed() }, previewToken: preview.token });
  expect(await waitForEnd(jobyard, id)).toMatchObject({ status: 'SUCCEEDED', counts: { selected: 2 } });
  expect((await readItems(jobyard, id)).map(({ jobId }) => jobId).sort()).toEqual(wanted.sort());

  expect(await startBulk(jobyard, { filter: { scopes: [other] }, previewToken: preview.token })).toMatchObject({
    code: 'PREVIEW_NOT_FOUND',
  });
});
