import { expect, test } from 'vitest';
import { previewBulk, readItems, startBulk, startPopulated, waitForEnd } from './start-bulk.ts';

test('all jobs that match are acted on, each with its own kept result', async () => {
  const { jobyard, ids } = await startPopulated();
  const all = Object.values(ids).flat();
  const preview = await previewBulk(jobyard, 'CANCEL', {});
  console.log(JSON.stringify(preview, null, 1).slice(0, 3000));
  const started = await startBulk(jobyard, { previewToken: preview.token });
  console.log(JSON.stringify(started));
  const ended = await waitForEnd(jobyard, started.id);
  console.log(JSON.stringify(ended));
  const items = await readItems(jobyard, started.id);
  console.log(items.map((item) => JSON.stringify(item)).join('\n'));
  expect(items.map(({ jobId }) => jobId).sort()).toEqual(all.sort());
});
