import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionResult } from '../../src/actions/action-result.ts';
import type { ActionProgress, SharedRequest } from '../../src/actions/executions.ts';
import { createSharedActions, type PerformedAction, type SharedActions } from '../../src/actions/shared-actions.ts';
import { createProblem } from '../../src/jobs/problem.ts';

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
  resolved: Set<string>;
  end(): void;
  fail(error: Error): void;
}

/** A caller, and the executions that began for it. */
function createAsker(actions: SharedActions, actionId: string, overrides: Partial<SharedRequest> = {}) {
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
          caller: actionId,
          actionId,
          action: 'CANCEL',
          vendorIds,
          credential: null,
          signal: time.signal,
          sendSignal: sending.signal,
          describeUnfinished,
          ...overrides,
        },
        (ids, progress) => {
          const { promise, resolve, reject } = Promise.withResolvers<void>();
          begun.push({ ids, progress, sent: new Set(), resolved: new Set(), end: resolve, fail: reject });
          return promise;
        },
      ),
  };
}

/** Sends the jobs and ends the execution well. */
function finish(execution: Begun | undefined): void {
  execution?.progress.send(execution.ids);
  for (const id of execution?.ids ?? []) execution?.progress.resolve(id, done);
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

/** What happens next in the world of the property test. */
type Step =
  | { kind: 'ask'; asker: number; ids: string[] }
  | { kind: 'send' | 'resolve'; pick: number }
  | { kind: 'end'; pick: number }
  | { kind: 'endSending' | 'endTime'; asker: number }
  | { kind: 'pass' };

const ids = ['1', '2', '3', '4'];
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask' as const), asker: fc.nat(3), ids: fc.subarray(ids, { minLength: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('send' as const, 'resolve' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('endSending' as const, 'endTime' as const), asker: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'pass' as const }) },
);

test('a job is in one execution at a time, and each request gets one true result per job, for any order of joining and leaving', async () => {
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
          const asked = next.ids;
          const asker = askers[next.asker];
          if (!asker || isOut.has(next.asker)) return;
          answers.push(
            asker.ask(...asked).then((performed) => {
              expect([...performed.keys()].toSorted()).toEqual(asked.toSorted());
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
          const id = execution?.ids.find((each) => !execution.sent.has(each) && !execution.resolved.has(each));
          if (!execution || id === undefined || isOut.has(owner)) return;
          execution.sent.add(id);
          execution.progress.send([id]);
          sends += 1;
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
        const inProgress = open().flatMap((execution) => execution.ids.filter((id) => !execution.resolved.has(id)));
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
