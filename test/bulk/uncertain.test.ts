import { expect, test } from 'vitest';
import { previewBulk, readItems, startBulk, startBulkWorld, waitForEnd } from './start-bulk.ts';

test("jobs that may allow the action are counted and sent, and ActionNotAllowed with the vendor's message if they do not", {
  timeout: 120_000,
}, async () => {
  const jobyard = await startBulkWorld();
  const { state } = jobyard.sandboxes['veeva-vault'];
  const add = (status: string, cancellableWhileRunning = false) =>
    `veeva-vault:${state.addJob({ status, frozen: true, cancellableWhileRunning })}`;
  const certain = add('SCHEDULED');
  const obedient = add('RUNNING', true);
  const stubborn = [add('RUNNING'), add('RUNNING')];
  add('CANCELLING');
  const filter = { systemIds: ['veeva-vault'], availableAction: 'CANCEL' };
  const preview = await previewBulk(jobyard, 'CANCEL', filter);
  expect(preview).toMatchObject({ matchedCount: 4, availableCount: 4, uncertain: 3, alreadyDoneCount: 0, predictedFailures: [] });

  const started = await startBulk(jobyard, { filter, previewToken: preview.token });
  await waitForEnd(jobyard, started.id);
  const results = new Map((await readItems(jobyard, started.id)).map(({ jobId, result }) => [jobId, result]));
  for (const id of [certain, obedient]) expect(results.get(id)).toMatchObject({ __typename: 'CancelSuccess', cancelled: 'ACCEPTED' });
  for (const id of stubborn) {
    expect(results.get(id)).toMatchObject({
      __typename: 'ActionNotAllowed',
      code: 'NOT_ELIGIBLE',
      message: expect.stringContaining('is not found in QUEUED or QUEUEING state'),
    });
  }
});
