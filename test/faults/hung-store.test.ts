import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTime, storeInTime } from '../../src/store/in-time.ts';
import { type Store, StoreUnavailableError } from '../../src/store/store.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { createUnavailableStore } from '../unavailable-store.ts';

/** Accepts statements and never responds. */
function createHungStore(): Store {
  const hang = (): Promise<never> => new Promise(() => {});
  return { ...createUnavailableStore(), async whenOpen() {}, query: hang, transaction: hang, notify: hang };
}

describe('while the store does not respond', () => {
  let jobyard: WithSandboxes;
  let jobId: string;
  beforeAll(async () => {
    jobyard = await startWithSandboxes({ jobs: 1, deadlineMs: 500, store: createHungStore() });
    jobId = (await jobyard.query('{ jobs(first: 1) { nodes { id } } }')).data.jobs.nodes[0].id;
  });
  afterAll(() => jobyard.close());

  const id = '00000000-0000-4000-8000-000000000000';
  const problem = '{ __typename ... on Problem { code message } }';
  test.each([
    ['jobEvents', '{ jobEvents { nodes { id } } }'],
    ['the events of a job', 'query($jobId: ID!) { job(id: $jobId) { ... on Job { events { nodes { id } } } } }'],
    ['the cancellation of a job', 'query($jobId: ID!) { job(id: $jobId) { ... on Job { cancellation { requestedBy } } } }'],
    ['previewBulkAction', '{ previewBulkAction(action: CANCEL, filter: {}) { token } }'],
    ['bulkOperation', `{ bulkOperation(id: "${id}") { id } }`],
    ['bulkOperations', '{ bulkOperations { nodes { id } } }'],
  ])('%s ends by the deadline with STORE_UNAVAILABLE', async (_field, query) => {
    const answer = await jobyard.query(query, query.includes('$jobId') ? { jobId } : {});
    expect(answer.errors).toMatchObject([
      {
        message: "Jobyard's store didn't respond before the deadline. Retry, or raise deadlineMs.",
        extensions: { code: 'STORE_UNAVAILABLE' },
      },
    ]);
  });

  test.each([
    ['startBulkAction', `startBulkAction(input: { action: CANCEL, filter: {}, reason: "test" }) ${problem}`],
    ['cancelBulkOperation', `cancelBulkOperation(id: "${id}") ${problem}`],
    ['retryFailedBulkItems', `retryFailedBulkItems(id: "${id}") ${problem}`],
  ])('%s ends by the deadline with STORE_UNAVAILABLE', async (field, selection) => {
    const answer = await jobyard.query(`mutation { ${selection} }`);
    expect(answer.data[field]).toMatchObject({ __typename: 'BulkOperationError', code: 'STORE_UNAVAILABLE' });
  });
});

describe('storeInTime', () => {
  test('rolls back a transaction whose operation ended before its last statement', async () => {
    const deadline = new AbortController();
    let wasRolledBack = false;
    const store = storeInTime(
      {
        ...createUnavailableStore(),
        transaction: (work) =>
          work(
            async () => [],
            () => {},
          ).catch((error: unknown) => {
            wasRolledBack = true;
            throw error;
          }),
      },
      deadline.signal,
    );
    const statement = Promise.withResolvers<void>();
    const outcome = store.transaction(() => statement.promise);
    deadline.abort();
    await expect(outcome).rejects.toThrow(StoreUnavailableError);
    statement.resolve();
    await expect.poll(() => wasRolledBack).toBe(true);
  });

  test('returns the result or error of work that is done in time', async () => {
    const { signal } = new AbortController();
    await expect(inTime(Promise.resolve('rows'), signal)).resolves.toBe('rows');
    await expect(inTime(Promise.reject(new TypeError('bug')), signal)).rejects.toThrow(TypeError);
  });
});
