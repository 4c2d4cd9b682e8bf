import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { AuditUnavailableError, combineAudits } from '../../src/actions/audit.ts';
import { runChunk } from '../../src/bulk/chunk.ts';
import { type ChunkRun, RetryLaterError } from '../../src/bulk/chunk-run.ts';
import type { BulkDependencies } from '../../src/bulk/dependencies.ts';
import { startJobEvents } from '../../src/history/job-events.ts';
import type { ActionResponse } from '../../src/jobs/adapter.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import type { Store } from '../../src/store/store.ts';
import { cancelSupport, connectMemory, jobFields, memoryList } from '../jobs/memory-adapter.ts';
import { openTestStore } from '../store.ts';

const timeout = 60_000;
const problem = createProblem('OUTCOME_UNKNOWN', 'HTTP 500 for this job.');
const throttled = createProblem('RATE_LIMITED', 'Too many requests.', 30);
const id = 'one';

interface World {
  /** The system's response to the request for a job. */
  answer(vendorId: string): ActionResponse;
  jobs: number;
  maxPerSecond?: number;
  intend?(): void;
}

/** An operation that runs on a system of running jobs whose cancel may be repeated. */
async function startWorld({ answer, jobs, maxPerSecond, intend = () => {} }: World) {
  const store = openTestStore();
  const sent: string[] = [];
  const rows = Array.from({ length: jobs }, (_, index) => ({ fields: jobFields(String(index + 1)), spot: index }));
  const { system } = connectMemory({
    concurrency: 1,
    lists: [memoryList({ rows })],
    actions: { CANCEL: cancelSupport },
    answerAction: (_action, targets) =>
      targets.map(({ vendorId }) => {
        sent.push(vendorId);
        const response = answer(vendorId);
        const row = rows.find(({ fields }) => fields.vendorId === vendorId);
        if (row && response.kind === 'accepted') row.fields = { ...row.fields, status: 'CANCELLED' };
        return response;
      }),
  });
  const events = startJobEvents({
    store,
    systems: [system],
    canTrack: () => false,
    overdueAfterMs: 1_000,
    retentionDays: 1,
    logger: pino({ level: 'silent' }),
  });
  onTestFinished(() => events.close());
  const parts: BulkDependencies = {
    store,
    systems: [system],
    passthrough: new Set(),
    changes: {
      notify: async () => {},
      waitForChange: async () => {},
      waitForAnyChange: async () => {},
      onChange: () => () => {},
      listen: async () => {},
      close: async () => {},
    },
    recordOf(operationId: string, caller: string) {
      const actor = { caller, requestId: operationId, operation: null, bulkOperationId: operationId };
      const lines = { recordIntent: intend, recordSent() {}, recordOutcomes() {}, recordDenial() {} };
      const gathered = events.gather(actor);
      return { actor, lines, audit: combineAudits(lines, gathered.audit), events: gathered.events };
    },
    storeEvents: events.storeWithin,
    onResults() {},
  };
  await store.query(
    `INSERT INTO jobyard.bulk_operation (id, caller, readable_systems, actionable_systems, action, filter, reason, max_jobs, allow_incomplete,
       input_hash, status, max_per_second) VALUES ($1, 'ana', '{memory}', '{memory}', 'CANCEL', '{}', 'test', 100, false, '', 'RUNNING', $2)`,
    [id, maxPerSecond ?? null],
  );
  await store.query(
    `INSERT INTO jobyard.bulk_progress (operation_id, system_id, place, chunk_size, selected, pending) VALUES ($1, 'memory', 1, 100, $2, $2)`,
    [id, jobs],
  );
  await store.query(
    `INSERT INTO jobyard.bulk_item (operation_id, position, system_id, job_id) SELECT $1, n, 'memory', 'memory:' || n FROM generate_series(1, $2::integer) AS n`,
    [id, jobs],
  );
  return { store, parts, sent };
}

/** Attempts a chunk once. Returns DONE, the seconds until it runs again, or TRY_LATER, which costs a retry. */
async function tryOnce(parts: BulkDependencies, jobs: number, { isLast = false, claim = new AbortController().signal } = {}) {
  let came: number | 'DONE' | 'TRY_LATER' = 'DONE';
  const run: ChunkRun = {
    chunk: { operationId: id, systemId: 'memory', first: 1, last: jobs },
    claim,
    closing: new AbortController().signal,
    isLast,
    isAbandoned: false,
    complete: async () => {},
    async putBack(afterSeconds) {
      came = afterSeconds;
    },
  };
  await runChunk(run, parts).catch((error: unknown) => {
    if (!(error instanceof RetryLaterError)) throw error;
    came = 'TRY_LATER';
  });
  return came;
}

const countByOutcome = (store: Store) =>
  store.query(
    `SELECT outcome AS status, result->>'outcome' AS outcome, count(*)::integer AS count FROM jobyard.bulk_item GROUP BY 1, 2 ORDER BY count DESC, 1`,
  );

test('a Retry-After costs no retry, and no request is sent until then', { timeout }, async () => {
  let requests = 0;
  let isClosed = false;
  const { store, parts } = await startWorld({
    jobs: 12,
    answer() {
      requests += 1;
      return isClosed || requests % 6 === 0 ? { kind: 'notSent', problem: throttled } : { kind: 'accepted', job: null };
    },
  });
  expect(await tryOnce(parts, 12, { isLast: true })).toBe(30);
  // Nor if no item succeeds.
  isClosed = true;
  expect(await tryOnce(parts, 12, { isLast: true })).toBe(30);
  isClosed = false;
  let tries = 0;
  while ((await tryOnce(parts, 12, { isLast: true })) !== 'DONE') expect(++tries).toBeLessThan(12);
  expect(await countByOutcome(store)).toEqual([{ status: 'SUCCEEDED', outcome: 'CONFIRMED', count: 12 }]);
});

test('an item that fails each time delays no others with maxPerSecond, and costs a retry only if no other item makes progress', {
  timeout,
}, async () => {
  const { store, parts, sent } = await startWorld({
    jobs: 6,
    maxPerSecond: 4,
    answer: (vendorId) => (vendorId === '1' ? { kind: 'inconclusive', problem } : { kind: 'accepted', job: null }),
  });
  expect(await tryOnce(parts, 6)).toBe(1);
  expect(sent).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(await tryOnce(parts, 6)).toBe('TRY_LATER');
  expect(await tryOnce(parts, 6, { isLast: true })).toBe('DONE');
  expect(await countByOutcome(store)).toEqual([
    { status: 'SUCCEEDED', outcome: 'CONFIRMED', count: 5 },
    { status: 'UNKNOWN', outcome: 'OUTCOME_UNKNOWN', count: 1 },
  ]);
});

test('sends attempted items after new ones', { timeout }, async () => {
  const { store, parts, sent } = await startWorld({ jobs: 3, maxPerSecond: 4, answer: () => ({ kind: 'accepted', job: null }) });
  await store.query('UPDATE jobyard.bulk_item SET attempts = 1 WHERE position = 1');
  expect(await tryOnce(parts, 3)).toBe('DONE');
  expect(sent).toEqual(['2', '3', '1']);
});

test("sends nothing if the audit log can't be written", { timeout }, async () => {
  const { store, parts, sent } = await startWorld({
    jobs: 3,
    answer: () => ({ kind: 'accepted', job: null }),
    intend() {
      throw new AuditUnavailableError();
    },
  });
  expect(await tryOnce(parts, 3)).toBe('TRY_LATER');
  expect(await store.query('SELECT begun_at, attempts FROM jobyard.bulk_item')).toEqual(
    [1, 2, 3].map(() => ({ begun_at: null, attempts: 1 })),
  );
  expect(await tryOnce(parts, 3, { isLast: true })).toBe('DONE');
  expect(await countByOutcome(store)).toEqual([{ status: 'FAILED', outcome: 'NOT_ATTEMPTED', count: 3 }]);
  expect(sent).toEqual([]);
});

test('records nothing for a chunk that another replica has taken over', { timeout }, async () => {
  const { store, parts, sent } = await startWorld({ jobs: 2, answer: () => ({ kind: 'accepted', job: null }) });
  expect(await tryOnce(parts, 2, { isLast: true, claim: AbortSignal.abort() })).toBe('TRY_LATER');
  expect(await countByOutcome(store)).toEqual([{ status: 'PENDING', outcome: null, count: 2 }]);
  expect(sent).toEqual([]);
});

test("decides an item after a crash from the job's status at its selection", { timeout }, async () => {
  const { store, parts, sent } = await startWorld({ jobs: 1, answer: () => ({ kind: 'accepted', job: null }) });
  expect(await tryOnce(parts, 1)).toBe('DONE');
  // As if the job had been selected in its current status, and a process had ended just before it read the job.
  await store.query(`UPDATE jobyard.bulk_item SET outcome = 'PENDING', begun_at = now(), selected_status = 'CANCELLED'`);
  await store.query(`UPDATE jobyard.bulk_operation SET status = 'RUNNING', finished_at = NULL`);
  await store.query('UPDATE jobyard.bulk_progress SET pending = 1, succeeded = 0');
  expect(await tryOnce(parts, 1)).toBe('DONE');
  expect(await store.query(`SELECT result->>'outcome' AS outcome FROM jobyard.bulk_item`)).toEqual([{ outcome: 'ALREADY_DONE' }]);
  expect(sent).toEqual(['1']);
});

const readEvents = (store: Store) =>
  store.query(`SELECT job_id, caller, settled_as, sent_at IS NOT NULL AS sent, bulk_operation_id FROM jobyard.job_event ORDER BY id`);

test('records one event for an item that is resolved by a read after a crash', { timeout }, async () => {
  const { store, parts, sent } = await startWorld({ jobs: 2, answer: () => ({ kind: 'accepted', job: null }) });
  // The process that sends them ends before their outcomes are recorded.
  const dying: BulkDependencies = {
    ...parts,
    async storeEvents(transaction, made) {
      await parts.storeEvents(transaction, made);
      throw new RetryLaterError('The process ends.');
    },
  };
  expect(await tryOnce(dying, 2)).toBe('TRY_LATER');
  expect(sent).toEqual(['1', '2']);
  expect(await readEvents(store)).toEqual([]);
  expect(await tryOnce(parts, 2)).toBe('DONE');
  expect(sent).toEqual(['1', '2']);
  const event = { caller: 'ana', settled_as: 'CONFIRMED', sent: true, bulk_operation_id: id };
  const both = [
    { job_id: 'memory:1', ...event },
    { job_id: 'memory:2', ...event },
  ];
  expect(await readEvents(store)).toEqual(both);
  // As if the response to the transaction had been lost after it was committed.
  expect(await tryOnce(parts, 2)).toBe('DONE');
  expect(await readEvents(store)).toEqual(both);
});

test('records an event for an item that is resolved without sending, with whether it may have been sent', { timeout }, async () => {
  const { store, parts, sent } = await startWorld({ jobs: 2, answer: () => ({ kind: 'accepted', job: null }) });
  await store.query('UPDATE jobyard.bulk_item SET attempts = 1, begun_at = now() WHERE position = 1');
  await store.query(`UPDATE jobyard.bulk_operation SET status = 'CANCELLED'`);
  expect(await tryOnce(parts, 2)).toBe('DONE');
  expect(sent).toEqual([]);
  expect(await readEvents(store)).toMatchObject([
    { job_id: 'memory:1', settled_as: 'OUTCOME_UNKNOWN', sent: true },
    { job_id: 'memory:2', settled_as: 'NOT_ATTEMPTED', sent: false },
  ]);
});

test('a try that sent something and left its item open has an event of its own', { timeout }, async () => {
  let answer: ActionResponse = { kind: 'notSent', problem: createProblem('SYSTEM_UNAVAILABLE', 'down') };
  const { store, parts } = await startWorld({ jobs: 1, answer: () => answer });
  expect(await tryOnce(parts, 1)).toBe('TRY_LATER');
  answer = { kind: 'accepted', job: null };
  expect(await tryOnce(parts, 1)).toBe('DONE');
  expect(await readEvents(store)).toMatchObject([
    { settled_as: 'SYSTEM_UNAVAILABLE', sent: true },
    { settled_as: 'CONFIRMED', sent: true },
  ]);
});

test('attributes an action to the caller that may have sent it, even if another caller resumed the operation', { timeout }, async () => {
  const { store, parts } = await startWorld({ jobs: 3, answer: () => ({ kind: 'accepted', job: null }) });
  await store.query(`UPDATE jobyard.bulk_operation SET actor = 'bea'`);
  expect(await tryOnce({ ...parts, storeEvents: () => Promise.reject(new RetryLaterError('The process ends.')) }, 3)).toBe('TRY_LATER');
  expect(await store.query('SELECT DISTINCT begun_by FROM jobyard.bulk_item')).toEqual([{ begun_by: 'bea' }]);
  await store.query(`UPDATE jobyard.bulk_operation SET actor = 'cem'`);
  await store.query('UPDATE jobyard.bulk_item SET attempts = 0, begun_at = NULL WHERE position = 3');
  expect(await tryOnce(parts, 3)).toBe('DONE');
  expect((await readEvents(store)).map((event) => event.caller).toSorted()).toEqual(['bea', 'bea', 'cem']);
});

test('starts nothing more on behalf of a caller after another one resumed the operation', { timeout }, async () => {
  const { store, parts, sent } = await startWorld({ jobs: 2, maxPerSecond: 4, answer: () => ({ kind: 'accepted', job: null }) });
  // Suspended and resumed between two portions of one try.
  let isResumed = false;
  const resumed: BulkDependencies = {
    ...parts,
    async storeEvents(transaction, made) {
      if (!isResumed) await transaction.query(`UPDATE jobyard.bulk_operation SET actor = 'bea'`);
      isResumed = true;
      return parts.storeEvents(transaction, made);
    },
  };
  expect(await tryOnce(resumed, 2)).toBe('DONE');
  expect(sent).toEqual(['1', '2']);
  expect((await readEvents(store)).map((event) => event.caller)).toEqual(['ana', 'bea']);
});

test("keeps an earlier attempt's outcome unknown if the retry wasn't sent", { timeout }, async () => {
  const { store, parts, sent } = await startWorld({ jobs: 1, answer: () => ({ kind: 'notSent', problem: throttled }) });
  await store.query(`UPDATE jobyard.bulk_item SET attempts = 1, begun_at = now() - interval '1 minute', selected_status = 'RUNNING'`);
  expect(await tryOnce(parts, 1)).toBe(30);
  expect(await store.query('SELECT outcome, begun_at IS NOT NULL AS begun FROM jobyard.bulk_item')).toEqual([
    { outcome: 'PENDING', begun: true },
  ]);
  expect(sent).toEqual(['1']);
});
