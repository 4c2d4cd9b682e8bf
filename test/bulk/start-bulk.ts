import { expect, onTestFinished } from 'vitest';
import { populate } from '../faults/world.ts';
import { type StartOptions, startWithSandboxes, type WithSandboxes } from '../start.ts';
import { openTestStore } from '../store.ts';

/** A Jobyard with a store, over sandboxes whose jobs don't change by themselves. Closed when the test ends. */
export async function startBulkWorld(options: StartOptions = {}, { waitsForStore = !options.access } = {}) {
  const started = await startWithSandboxes({ jobs: 0, store: openTestStore(), ...options });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= started.close();
    return closed;
  };
  const jobyard = { ...started, close };
  onTestFinished(close);
  // On a busy machine an embedded store takes longer to open than a caller's patience.
  const isReady = async () => (await startBulk(jobyard, { filter: { owners: ['nobody'] } })).code !== 'STORE_UNAVAILABLE';
  if (waitsForStore) await expect.poll(isReady, { timeout: 60_000 }).toBe(true);
  for (const { requests } of Object.values(jobyard.sandboxes)) requests.clear();
  return jobyard;
}

/** The same, with jobs of every kind; their ids by system. */
export async function startPopulated(options: StartOptions = {}, world = {}) {
  const jobyard = await startBulkWorld(options, world);
  return { jobyard, ids: populate(jobyard.sandboxes) };
}

export const operationFields = `
  id action reason startedBy status createdAt finishedAt maxPerSecond filter
  counts { selected pending succeeded failed unknown }
  systems { system { id } counts { selected pending succeeded failed unknown } problem { code message systemId } }
  problem { code message systemProblems { systemId code message } }`;

const problemFields = '... on Problem { code message retryable retryAfterSeconds }';

const start = `mutation($input: StartBulkActionInput!) { startBulkAction(input: $input) {
  __typename ... on BulkOperation { ${operationFields} } ${problemFields}
  ... on ChangedSincePreview { previewedCount matchedCount addedCount removedCount } ... on TooManyJobs { matchedCount maxJobs }
  ... on BulkOperationError { systemProblems { systemId code message } } } }`;

// biome-ignore lint/suspicious/noExplicitAny: a result has the shape of its type
type Result = any;

export async function startBulk(jobyard: Pick<WithSandboxes, 'query'>, input: object, headers = {}): Promise<Result> {
  const answer = await jobyard.query(start, { input: { action: 'CANCEL', filter: {}, reason: 'test', ...input } }, headers);
  expect(answer.errors).toBeUndefined();
  return answer.data.startBulkAction;
}

export async function previewBulk(jobyard: Pick<WithSandboxes, 'query'>, action: string, filter: object, headers = {}): Promise<Result> {
  const query = `query($action: JobAction!, $filter: JobFilter!) { previewBulkAction(action: $action, filter: $filter) {
    token expiresAt action matchedCount availableCount uncertain alreadyDoneCount complete sample { id status createdAt } predictedFailures { code count message }
    systems { system { id } matchedCount status problem { code message systemId } } } }`;
  const answer = await jobyard.query(query, { action, filter }, headers);
  expect(answer.errors).toBeUndefined();
  return answer.data.previewBulkAction;
}

export async function controlBulk(jobyard: Pick<WithSandboxes, 'query'>, field: string, id: string, headers = {}): Promise<Result> {
  const query = `mutation($id: ID!) { ${field}(id: $id) { __typename ... on BulkOperation { ${operationFields} } ${problemFields}
    ... on BulkOperationError { systemProblems { systemId code message } } } }`;
  const answer = await jobyard.query(query, { id }, headers);
  expect(answer.errors).toBeUndefined();
  return answer.data[field];
}

export async function readOperation(jobyard: Pick<WithSandboxes, 'query'>, id: string, headers = {}): Promise<Result> {
  const answer = await jobyard.query(`query($id: ID!) { bulkOperation(id: $id) { ${operationFields} } }`, { id }, headers);
  expect(answer.errors).toBeUndefined();
  return answer.data.bulkOperation;
}

/** Waits until the bulk operation has ended. */
export async function waitForEnd(jobyard: Pick<WithSandboxes, 'query'>, id: string, timeout = 20_000, headers = {}): Promise<Result> {
  await expect.poll(async () => (await readOperation(jobyard, id, headers)).finishedAt, { timeout, interval: 50 }).not.toBeNull();
  return readOperation(jobyard, id, headers);
}

/** All items, page by page. */
export async function readItems(jobyard: Pick<WithSandboxes, 'query'>, id: string, status: string | null = null): Promise<Result[]> {
  const query = `query($id: ID!, $after: String, $status: BulkItemStatus) { bulkOperation(id: $id) { items(first: 500, after: $after, status: $status) {
    nodes { jobId name status outcome attempts finishedAt result {
      __typename ... on CancelSuccess { cancelled: outcome } ... on JobActionSuccess { action performed: outcome } ${problemFields}
      ... on OutcomeUnknown { attemptedAt safeToRetry } } }
    pageInfo { hasNextPage endCursor } } } }`;
  const items: Result[] = [];
  let after: string | null = null;
  for (;;) {
    const answer = await jobyard.query(query, { id, after, status });
    expect(answer.errors).toBeUndefined();
    const page = answer.data.bulkOperation.items;
    items.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return items;
    after = page.pageInfo.endCursor;
  }
}
