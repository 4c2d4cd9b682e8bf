import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionResult } from '../../src/actions/action-result.ts';
import type { ActionProgress, ReadOutcomes, SharedRequest } from '../../src/actions/executions.ts';
import { createSharedActions, type PerformedAction, type SharedActions } from '../../src/actions/shared-actions.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { callOf } from '../jobs/memory-adapter.ts';

const done: ActionResult = { outcome: 'CONFIRMED', job: null };
const notAttempted: ActionResult = { outcome: 'NOT_ATTEMPTED', problem: createProblem('NOT_ATTEMPTED', 'Not sent.') };
const describeUnfinished = (sentAt: Date | null): ActionResult =>
  sentAt === null
    ? notAttempted
    : {
        outcome: 'OUTCOME_UNKNOWN',
        problem: createProblem('OUTCOME_UNKNOWN', 'Lost.'),
        attemptedAt: sentAt,
        safeToRetry: false,
        job: null,
      };

interface Begun {
  ids: readonly string[];
  progress: ActionProgress;
  sent: Set<string>;
  /** Sent by another execution. */
  lost: Set<string>;
  resolved: Set<string>;
  end(): void;
  fail(error: Error): void;
}

/** A caller, and the executions that began for it. */
function createAsker(
  actions: SharedActions,
  actionId: string,
  { credential = null, ...overrides }: Partial<SharedRequest> & { credential?: string | null } = {},
) {
  const time = new AbortController();
  const sending = new AbortController();
  const begun: Begun[] = [];
  return {
    begun,
    endSending: () => sending.abort(),
    endTime() {
      sending.abort();
      time.abort(new DOMException('Time is up', 'TimeoutError'));
    },
    ask: (...vendorIds: string[]): Promise<Map<string, PerformedAction>> =>
      actions.perform(
        {
          actionId,
          action: 'CANCEL',
          vendorIds,
          call: callOf({ caller: actionId, signal: time.signal, credential }),
          sendSignal: sending.signal,
          describeUnfinished,
          ...overrides,
        },
        (ids, progress) => {
          const { promise, resolve, reject } = Promise.withResolvers<void>();
          begun.push({ ids, progress, sent: new Set(), lost: new Set(), resolved: new Set(), end: resolve, fail: reject });
          return promise;
        },
      ),
  };
}

/** Sends the jobs that no other execution sends, and ends the execution well. */
function finish(execution: Begun | undefined): void {
  const claimed = execution?.progress.claim(execution.ids) ?? [];
  execution?.progress.send(claimed);
  for (const id of claimed) execution?.progress.resolve(id, done);
  execution?.end();
}

const shown = (performed: Map<string, PerformedAction>): string[] =>
  Array.from(performed, ([id, { result, sentAt, sharedWith }]) => {
    const { outcome } = result;
    return `${id} ${outcome}${sentAt ? ' sent' : ''}${sharedWith ? ` with ${sharedWith}` : ''}`;
  });

describe('an action that is in progress', () => {
  test("is joined by later requests, which start only the jobs that aren't in progress", async () => {
    const actions = createSharedActions();
    const [ann, bob] = [createAsker(actions, 'ann'), createAsker(actions, 'bob')];
    const first = ann.ask('1', '2');
    const second = bob.ask('2', '3');
    const third = bob.ask('1', '2');
    expect([ann, bob].map(({ begun }) => begun.map(({ ids }) => ids))).toEqual([[['1', '2']], [['3']]]);
    finish(ann.begun[0]);
    finish(bob.begun[0]);
    expect(shown(await first)).toEqual(['1 CONFIRMED sent', '2 CONFIRMED sent']);
    expect(shown(await second).toSorted()).toEqual(['2 CONFIRMED sent with ann', '3 CONFIRMED sent']);
    expect(shown(await third)).toEqual(['1 CONFIRMED sent with ann', '2 CONFIRMED sent with ann']);
  });

  test('ends with its results: a later request starts a new execution', async () => {
    const actions = createSharedActions();
    const ann = createAsker(actions, 'ann');
    const first = ann.ask('1');
    finish(ann.begun[0]);
    await first;
    const second = ann.ask('1');
    finish(ann.begun[1]);
    expect(shown(await second)).toEqual(['1 CONFIRMED sent']);
  });

  test.each([
    ['another action', { action: 'PAUSE' }],
    ['another credential', { credential: 'of bob' }],
  ] as const)('is not joined by %s', async (_what, overrides) => {
    const actions = createSharedActions();
    const [ann, bob] = [
      createAsker(actions, 'ann', { credential: 'of ann' }),
      createAsker(actions, 'bob', { credential: 'of ann', ...overrides }),
    ];
    const results = [ann.ask('1'), bob.ask('1')];
    finish(ann.begun[0]);
    finish(bob.begun[0]);
    expect((await Promise.all(results)).flatMap(shown)).toEqual(['1 CONFIRMED sent', '1 CONFIRMED sent']);
  });

  test("continues after its owner's deadline; the owner gets the results that are known by then", async () => {
    const actions = createSharedActions();
    const [ann, bob] = [createAsker(actions, 'ann'), createAsker(actions, 'bob')];
    const first = ann.ask('1', '2', '3');
    const second = bob.ask('1', '2', '3');
    const [execution] = ann.begun;
    execution?.progress.resolve('1', done);
    execution?.progress.send(['2']);
    ann.endTime();
    expect(shown(await first)).toEqual(['1 CONFIRMED', '2 OUTCOME_UNKNOWN sent', '3 NOT_ATTEMPTED']);
    expect(execution?.progress.signal.aborted).toBe(false);
    // The second caller starts the job that the first had no time for, while the others continue.
    execution?.progress.resolve('3', notAttempted);
    await expect.poll(() => bob.begun.map(({ ids }) => ids)).toEqual([['3']]);
    finish(bob.begun[0]);
    execution?.progress.resolve('2', done);
    expect(shown(await second).toSorted()).toEqual(['1 CONFIRMED with ann', '2 CONFIRMED sent with ann', '3 CONFIRMED sent']);
  });

  test('is stopped when the last request leaves, which gets the reason', async () => {
    const actions = createSharedActions();
    const [ann, bob] = [createAsker(actions, 'ann'), createAsker(actions, 'bob')];
    const results = [ann.ask('1'), bob.ask('1')];
    const [execution] = ann.begun;
    execution?.progress.signal.addEventListener('abort', () => {
      execution.progress.resolve('1', {
        outcome: 'OUTCOME_UNKNOWN',
        problem: createProblem('OUTCOME_UNKNOWN', 'Stopped.'),
        attemptedAt: new Date(1),
        safeToRetry: true,
        job: null,
      });
      execution.end();
    });
    bob.endTime();
    ann.endTime();
    const [first, second] = await Promise.all(results);
    expect(first?.get('1')?.result).toMatchObject({ problem: { message: 'Stopped.' } });
    expect(second?.get('1')?.result.outcome).toMatch(/^(OUTCOME_UNKNOWN|NOT_ATTEMPTED)$/);
  });

  test('that never ends delays no request beyond its deadline', async () => {
    const ann = createAsker(createSharedActions(), 'ann');
    const result = ann.ask('1');
    ann.endTime();
    expect(shown(await result)).toEqual(['1 NOT_ATTEMPTED']);
  });

  test('is not retried by the requests that joined if the system failed', async () => {
    const actions = createSharedActions();
    const [ann, bob] = [createAsker(actions, 'ann'), createAsker(actions, 'bob')];
    const results = [ann.ask('1'), bob.ask('1')];
    ann.begun[0]?.progress.resolve('1', notAttempted);
    ann.begun[0]?.end();
    expect((await Promise.all(results)).flatMap(shown)).toEqual(['1 NOT_ATTEMPTED', '1 NOT_ATTEMPTED with ann']);
    expect(bob.begun).toEqual([]);
  });

  test('fails for all requests on a bug, and can be started again', async () => {
    const actions = createSharedActions();
    const [ann, bob] = [createAsker(actions, 'ann'), createAsker(actions, 'bob')];
    const results = Promise.allSettled([ann.ask('1'), bob.ask('1')]);
    ann.begun[0]?.fail(new Error('A bug'));
    expect(await results).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    const again = bob.ask('1');
    finish(bob.begun[0]);
    expect(shown(await again)).toEqual(['1 CONFIRMED sent']);
  });
});

describe('an action on many jobs that is in progress', () => {
  const many = ['1', '2', '3', '4', '5', '6', '7', '8'];

  /** Ann's execution has claimed all jobs; Bob has requested nothing yet. */
  function startLarge() {
    const actions = createSharedActions();
    const [ann, bob] = [createAsker(actions, 'ann'), createAsker(actions, 'bob')];
    const first = ann.ask(...many);
    const large = ann.begun[0];
    large?.progress.claim(many);
    return { bob, large, first };
  }

  test("is not awaited by a request for a few of them: the first of both to send a job performs it, and the other's request gets its result", async () => {
    const actions = createSharedActions();
    const [ann, bob] = [createAsker(actions, 'ann'), createAsker(actions, 'bob')];
    const results = [ann.ask(...many), bob.ask('1', '2')];
    const [large, small] = [ann.begun[0], bob.begun[0]];
    expect(small?.ids).toEqual(['1', '2']);
    expect(small?.progress.claim(['1'])).toEqual(['1']);
    expect(['1', '2'].map((id) => large?.progress.isFree(id))).toEqual([false, true]);
    expect(large?.progress.claim(['1', '2', '3'])).toEqual(['2', '3']);
    expect(small?.progress.claim(['1', '2'])).toEqual(['1']);
    // What a read showed before is not the result of an action that another request sends.
    large?.progress.resolve('1', notAttempted);
    small?.progress.resolve('2', notAttempted);
    small?.progress.send(['1']);
    small?.progress.resolve('1', done);
    small?.end();
    finish(large);
    const [first, second] = await Promise.all(results);
    expect(shown(second ?? new Map()).toSorted()).toEqual(['1 CONFIRMED sent', '2 CONFIRMED sent with ann']);
    expect(shown(first ?? new Map()).toSorted()).toEqual([
      '1 CONFIRMED sent with bob',
      ...many.slice(1).map((id) => `${id} CONFIRMED sent`),
    ]);
  });

  test('is joined by a request for more than a quarter of them', () => {
    const actions = createSharedActions();
    const [ann, bob] = [createAsker(actions, 'ann'), createAsker(actions, 'bob')];
    void ann.ask(...many);
    void bob.ask('1', '2', '3');
    expect(bob.begun).toEqual([]);
  });

  test('is joined for jobs that it has sent: the smaller request reads their outcomes, and the larger gets them', async () => {
    const actions = createSharedActions();
    const [ann, bob] = [createAsker(actions, 'ann'), createAsker(actions, 'bob')];
    const first = ann.ask(...many);
    const large = ann.begun[0];
    large?.progress.claim(['1', '2']);
    large?.progress.send(['1', '2']);
    const second = bob.ask('1', '2');
    expect(bob.begun).toEqual([]);
    const reads: (readonly string[])[] = [];
    const read: ReadOutcomes = async (vendorIds, { caller }) => {
      reads.push([caller, ...vendorIds]);
      for (const id of vendorIds) large?.progress.resolve(id, done);
    };
    large?.progress.awaitReads(['1'], read);
    await new Promise(setImmediate);
    // Read together, as each read is a vendor request.
    expect(reads).toEqual([]);
    large?.progress.awaitReads(['2'], read);
    expect(shown(await second)).toEqual(['1 CONFIRMED sent with ann', '2 CONFIRMED sent with ann']);
    expect(reads).toEqual([['bob', '1', '2']]);
    finish(large);
    expect(shown(await first).slice(0, 3)).toEqual(['1 CONFIRMED sent', '2 CONFIRMED sent', '3 CONFIRMED sent']);
  });

  test('that sends a job first, which the smaller request was about to send, is joined for it at once', async () => {
    const actions = createSharedActions();
    const [ann, bob] = [createAsker(actions, 'ann'), createAsker(actions, 'bob')];
    void ann.ask(...many);
    const second = bob.ask('1');
    const large = ann.begun[0];
    large?.progress.claim(['1']);
    large?.progress.send(['1']);
    large?.progress.awaitReads(['1'], async () => large.progress.resolve('1', done));
    // Bob's own execution doesn't end.
    expect(shown(await second)).toEqual(['1 CONFIRMED sent with ann']);
  });

  test('that has to send jobs again after a rejection leaves them to the first request that sends them', async () => {
    const { bob, large, first } = startLarge();
    large?.progress.send(many);
    const second = bob.ask('1', '2');
    expect(bob.begun).toEqual([]);
    large?.progress.release(['1', '2', '3']);
    await expect.poll(() => bob.begun.map(({ ids }) => ids)).toEqual([['1', '2']]);
    const small = bob.begun[0];
    small?.progress.claim(['1']);
    small?.progress.send(['1']);
    // Of the other job, a read shows that the action isn't allowed.
    for (const id of ['1', '2']) small?.progress.resolve(id, done);
    small?.end();
    expect(shown(await second).toSorted()).toEqual(['1 CONFIRMED sent', '2 CONFIRMED']);
    expect(large?.progress.claim(['1', '2', '3'])).toEqual(['2', '3']);
    finish(large);
    expect(shown(await first).filter((line) => line.includes('bob'))).toEqual(['1 CONFIRMED sent with bob']);
  });

  test('that sends jobs again is joined for them, and what was known of the first attempt is not read', async () => {
    const { bob, large } = startLarge();
    large?.progress.awaitReads(many, () => Promise.reject(new Error('Outdated')));
    large?.progress.release(many);
    large?.progress.claim(many);
    const second = bob.ask('1');
    await new Promise(setImmediate);
    expect(bob.begun).toEqual([]);
    large?.progress.resolve('1', done);
    expect(shown(await second)).toEqual(['1 CONFIRMED with ann']);
  });

  test('that gives up sending jobs again decides them for the requests that have joined it', async () => {
    const { bob, large } = startLarge();
    const second = bob.ask('1');
    large?.progress.release(['1']);
    large?.progress.resolve('1', done);
    expect(shown(await second)).toEqual(['1 CONFIRMED with ann']);
    expect(bob.begun).toEqual([]);
  });

  test('was sent once, whatever becomes of the second attempt', async () => {
    const { bob, large, first } = startLarge();
    large?.progress.send(many);
    const second = bob.ask('1');
    large?.progress.release(['1']);
    await expect.poll(() => bob.begun).toHaveLength(1);
    // The audit log can't be written: it is claimed, and not sent.
    bob.begun[0]?.progress.claim(['1']);
    bob.begun[0]?.progress.resolve('1', notAttempted);
    bob.begun[0]?.end();
    expect(shown(await second)).toEqual(['1 SYSTEM_UNAVAILABLE sent with ann']);
    for (const id of many.slice(1)) large?.progress.resolve(id, done);
    large?.end();
    expect(shown(await first).filter((line) => line.startsWith('1 '))).toEqual(['1 SYSTEM_UNAVAILABLE sent']);
  });

  test('keeps the jobs that it has to send again of a request that may send nothing more', async () => {
    const { bob, large } = startLarge();
    const second = bob.ask('1');
    bob.endSending();
    large?.progress.release(['1']);
    await new Promise(setImmediate);
    large?.progress.claim(['1']);
    large?.progress.resolve('1', done);
    expect(shown(await second)).toEqual(['1 CONFIRMED with ann']);
    expect(bob.begun).toEqual([]);
  });

  test('is read by each smaller request that joins it, even if an earlier one could read nothing', async () => {
    const actions = createSharedActions();
    const [ann, bob, carol] = [createAsker(actions, 'ann'), createAsker(actions, 'bob'), createAsker(actions, 'carol')];
    void ann.ask(...many);
    const large = ann.begun[0];
    large?.progress.claim(many);
    large?.progress.awaitReads(many, async (_ids, { caller }) => {
      if (caller === 'carol') large.progress.resolve('1', done);
    });
    const second = bob.ask('1');
    await new Promise(setImmediate);
    expect(shown(await carol.ask('1'))).toEqual(['1 CONFIRMED with ann']);
    expect(shown(await second)).toEqual(['1 CONFIRMED with ann']);
  });

  test('is stopped when other requests have sent all of its jobs', async () => {
    const actions = createSharedActions();
    const ann = createAsker(actions, 'ann');
    const others = many.map((id) => createAsker(actions, id));
    const first = ann.ask(...many);
    const results = others.map((asker, index) => asker.ask(String(index + 1)));
    for (const { begun } of others) finish(begun[0]);
    await Promise.all(results);
    expect(shown(await first)).toHaveLength(many.length);
    expect(ann.begun[0]?.progress.signal.aborted).toBe(true);
  });

  test('fails for the requests from which it took jobs, on a bug', async () => {
    const actions = createSharedActions();
    const [ann, bob] = [createAsker(actions, 'ann'), createAsker(actions, 'bob')];
    const results = Promise.allSettled([ann.ask(...many), bob.ask('1')]);
    bob.begun[0]?.progress.claim(['1']);
    bob.begun[0]?.fail(new Error('A bug'));
    for (const id of many.slice(1)) ann.begun[0]?.progress.resolve(id, done);
    ann.begun[0]?.end();
    expect(await results).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  });

  test('decides the jobs whose outcomes such a read leaves unknown, and its own request reads nothing', async () => {
    const { bob, large } = startLarge();
    large?.progress.send(many);
    const reads: (readonly string[])[] = [];
    large?.progress.awaitReads(many, async (vendorIds) => void reads.push(vendorIds));
    const second = bob.ask('1');
    await new Promise(setImmediate);
    expect(reads).toEqual([['1']]);
    large?.progress.resolve('1', done);
    expect(shown(await second)).toEqual(['1 CONFIRMED sent with ann']);
    expect(reads).toEqual([['1']]);
  });
});

/** What happens next in the world of the property test. */
type Step =
  | { kind: 'ask'; asker: number; ids: string[] }
  | { kind: 'send' | 'respond' | 'resolve'; pick: number }
  | { kind: 'end'; pick: number }
  | { kind: 'endSending' | 'endTime'; asker: number }
  | { kind: 'pass' };

const ids = Array.from({ length: 8 }, (_, index) => String(index));
const asked: fc.Arbitrary<string[]> = fc.oneof(
  fc.subarray(ids, { minLength: 1, maxLength: 2 }),
  fc.subarray(ids, { minLength: 1 }),
  fc.constant(ids),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask' as const), asker: fc.nat(3), ids: asked }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('send' as const, 'send' as const, 'respond' as const, 'resolve' as const),
      pick: fc.nat(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('endSending' as const, 'endTime' as const), asker: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'pass' as const }) },
);

test('a job is sent by one execution at a time, and each request gets one true result per job, for any order of joining and leaving', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const actions = createSharedActions();
      const askers = [0, 1, 2, 3].map((index) => createAsker(actions, `asker ${index}`));
      const ended = new Set<Begun>();
      const answers: Promise<void>[] = [];
      let tellsOfSends = 0;
      let sends = 0;
      const open = (): Begun[] => askers.flatMap(({ begun }) => begun).filter((execution) => !ended.has(execution));
      const pick = (number: number): Begun | undefined => open()[number % Math.max(1, open().length)];
      const resolve = ({ progress, sent, resolved }: Begun, id: string): void => {
        if (resolved.has(id)) return;
        resolved.add(id);
        // Also of jobs that another execution sends, as if a read had shown it before.
        progress.resolve(id, sent.has(id) ? done : notAttempted);
      };
      const end = (execution: Begun): void => {
        ended.add(execution);
        for (const id of execution.ids) resolve(execution, id);
        execution.end();
      };
      const isOut = new Set<number>();
      const act = (next: Step): void => {
        if (next.kind === 'ask') {
          const asker = askers[next.asker];
          if (!asker || isOut.has(next.asker)) return;
          answers.push(
            asker.ask(...next.ids).then((performed) => {
              expect([...performed.keys()].toSorted()).toEqual(next.ids.toSorted());
              for (const { result, sentAt, sharedWith } of performed.values()) {
                expect(['CONFIRMED', 'NOT_ATTEMPTED', 'OUTCOME_UNKNOWN']).toContain(result.outcome);
                if (sentAt) expect(result.outcome).not.toBe('NOT_ATTEMPTED');
                // Each send is one request's own.
                if (sentAt && sharedWith === null) tellsOfSends += 1;
              }
            }),
          );
        }
        if (next.kind === 'send') {
          const execution = pick(next.pick);
          const owner = askers.findIndex(({ begun }) => execution && begun.includes(execution));
          const id = execution?.ids.find((each) => !execution.sent.has(each) && !execution.lost.has(each) && !execution.resolved.has(each));
          if (!execution || id === undefined || isOut.has(owner)) return;
          if (execution.progress.claim([id]).length === 0) {
            execution.lost.add(id);
            return;
          }
          execution.sent.add(id);
          execution.progress.send([id]);
          sends += 1;
        }
        if (next.kind === 'respond') {
          const execution = pick(next.pick);
          const waiting = execution?.ids.filter((each) => execution.sent.has(each) && !execution.resolved.has(each)) ?? [];
          // Every other read proves something.
          execution?.progress.awaitReads(waiting, async (vendorIds) => {
            await new Promise(setImmediate);
            for (const id of vendorIds) if (Number(id) % 2 === 0) resolve(execution, id);
          });
        }
        if (next.kind === 'resolve') {
          const execution = pick(next.pick);
          const id = execution?.ids.find((each) => execution.sent.has(each) && !execution.resolved.has(each));
          if (execution && id !== undefined) resolve(execution, id);
        }
        if (next.kind === 'end') {
          const execution = pick(next.pick);
          if (execution) end(execution);
        }
        if (next.kind === 'endSending' || next.kind === 'endTime') {
          isOut.add(next.asker);
          askers[next.asker]?.[next.kind]();
        }
      };
      for (const next of steps) {
        if (next.kind === 'pass') await new Promise(setImmediate);
        else act(next);
        const inProgress = open().flatMap((execution) =>
          execution.ids.filter((id) => execution.sent.has(id) && !execution.resolved.has(id)),
        );
        expect(new Set(inProgress).size).toBe(inProgress.length);
      }
      const all = Promise.all(answers).then(() => true);
      while (!(await Promise.race([all, new Promise((resolve) => setImmediate(resolve, false))])))
        for (const execution of open()) end(execution);
      expect(tellsOfSends).toBe(sends);
    }),
    { numRuns: 200 },
  );
});
