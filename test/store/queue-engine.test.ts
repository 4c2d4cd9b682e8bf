import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createQueueEngine, queueDatabase } from '../../src/store/queue-engine.ts';
import { openTestStore } from '../store.ts';

test('what is queued with a transaction is worked on at once, and what is rolled back never', async () => {
  const store = openTestStore();
  const engine = await createQueueEngine(store, pino({ level: 'silent' }));
  await engine.start();
  onTestFinished(() => engine.stop({ graceful: false }));
  await engine.createQueue('things', { notify: true });
  const worked = new Promise((resolve) => {
    void engine.work('things', { notifyPollingIntervalSeconds: 60 }, async ([job]) => resolve(job?.data));
  });
  const undone = store.transaction(async (query) => {
    await engine.send('things', { n: 1 }, { db: queueDatabase(query) });
    throw new Error('no');
  });
  await expect(undone).rejects.toThrow('no');
  await store.transaction(async (query) => {
    await engine.send('things', { n: 2 }, { db: queueDatabase(query) });
  });
  expect(await worked).toEqual({ n: 2 });
});
