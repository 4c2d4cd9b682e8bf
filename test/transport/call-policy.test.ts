import { expect, test } from 'vitest';
import type { CallContext } from '../../src/jobs/adapter.ts';
import { createProblem } from '../../src/jobs/problem.ts';
import { type CallPolicyOptions, createCallPolicy } from '../../src/transport/call-policy.ts';
import type { Purpose } from '../../src/transport/call-result.ts';
import type { SendRoundTrip } from '../../src/transport/time-limit.ts';
import type { AttemptReport } from '../../src/transport/transport-settings.ts';

/** The response of a protocol that is not HTTP. */
interface Line {
  line: string;
}

/** The policy of a system named "queue", which performs `send` for each round trip. */
function connect(send: SendRoundTrip<Line>, options: Partial<CallPolicyOptions<Line>> = {}) {
  const reports: AttemptReport[] = [];
  const blockReasons: string[] = [];
  const settings = {
    timeoutMs: 50,
    concurrency: 2,
    observe: (report: AttemptReport) => reports.push(report),
    onBlocked: (reason: string) => blockReasons.push(reason),
  };
  const policy = createCallPolicy<Line>({ systemId: 'queue', settings, ...options });
  const request = (purpose: Purpose, call: Partial<CallContext> = {}) =>
    policy.send({ purpose, send }, { caller: 'test', signal: new AbortController().signal, credential: null, ...call });
  return { policy, request, reports, blockReasons };
}

const answer =
  (line: string): SendRoundTrip<Line> =>
  async ({ start }) => {
    start();
    return { answered: true, line };
  };

const lost: SendRoundTrip<Line> = async ({ start }) => {
  start();
  return { answered: false, mayHaveArrived: true, problem: createProblem('SYSTEM_UNAVAILABLE', 'The connection is lost.') };
};

/** Never responds. */
const silent: SendRoundTrip<Line> = ({ start }) => {
  start();
  return new Promise(() => {});
};

test('a round trip is counted, observed and returned', async () => {
  let roundTrips = 0;
  const { request, reports } = connect(answer('PONG'));
  expect(await request('read', { onRoundTrip: () => (roundTrips += 1) })).toEqual({ answered: true, line: 'PONG' });
  expect(roundTrips).toBe(1);
  expect(reports).toMatchObject([{ systemId: 'queue', purpose: 'read', result: 'ok', isRetry: false }]);
});

test('metrics have the word of the protocol', async () => {
  const { request, reports } = connect(answer('-ERR no'), { toResultWord: ({ line }) => (line.startsWith('-') ? 'error' : 'ok') });
  await request('read');
  expect(reports).toMatchObject([{ result: 'error' }]);
});

test('a round trip without a response ends at the timeout, and may have arrived if it was started', async () => {
  const { request } = connect(silent);
  expect(await request('action')).toEqual({
    answered: false,
    mayHaveArrived: true,
    problem: createProblem('TIMED_OUT', "queue didn't respond within 0.05 seconds (timeoutMs)."),
  });
  const neverStarted = connect(() => new Promise(() => {}));
  expect(await neverStarted.request('action')).toMatchObject({ answered: false, mayHaveArrived: false, problem: { code: 'TIMED_OUT' } });
});

test('a round trip that would start after its end sends nothing', async () => {
  let startsLate = (): boolean => true;
  const { request } = connect(({ start, signal }) => {
    startsLate = start;
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ answered: true, line: 'late' }));
    });
  });
  expect(await request('action')).toMatchObject({ answered: false, mayHaveArrived: false });
  expect(startsLate()).toBe(false);
});

test('a response in time does not abort the signal, on which a shared connection may depend', async () => {
  const signals: AbortSignal[] = [];
  const { request } = connect(async (context) => {
    signals.push(context.signal);
    return answer('OK')(context);
  });
  await request('read');
  await new Promise((resolve) => setImmediate(resolve));
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

test('an aborted call ends in flight, and its command may have arrived', async () => {
  const caller = new AbortController();
  const { request } = connect(({ start }) => {
    start();
    caller.abort();
    return new Promise(() => {});
  });
  expect(await request('action', { signal: caller.signal })).toMatchObject({
    answered: false,
    mayHaveArrived: true,
    problem: { code: 'TIMED_OUT' },
  });
});

test('a call that was aborted before sends nothing, and says so', async () => {
  const { request, reports } = connect(answer('PONG'));
  expect(await request('action', { signal: AbortSignal.abort() })).toMatchObject({
    answered: false,
    mayHaveArrived: false,
    problem: { code: 'NOT_ATTEMPTED', message: 'Not sent to queue: the caller disconnected.' },
  });
  expect(reports).toEqual([]);
});

test('an action is not sent if the core rejects the sending at its start', async () => {
  let sent = 0;
  const { request } = connect(async ({ start }) => {
    if (start()) sent += 1;
    return { answered: true, line: 'OK' };
  });
  const problem = createProblem('NOT_ATTEMPTED', "The audit log can't be written.");
  expect(await request('action', { beforeSend: () => problem })).toEqual({ answered: false, mayHaveArrived: false, problem });
  expect(sent).toBe(0);
  expect(await request('read', { beforeSend: () => problem })).toMatchObject({ answered: true });
});

test('a protocol that sends without start() is a bug', async () => {
  const { request } = connect(async () => ({ answered: true, line: 'OK' }));
  await expect(request('action')).rejects.toThrow('queue: a request was sent without start()');
});

test('a lost read is retried twice, a lost action never', async () => {
  const { request, reports } = connect(lost);
  expect(await request('read')).toMatchObject({ answered: false, mayHaveArrived: true });
  expect(reports.map(({ isRetry }) => isRetry)).toEqual([false, true, true]);
  await request('action');
  expect(reports).toHaveLength(4);
});

test('a response is retried if the protocol says so', async () => {
  const { request, reports } = connect(answer('-LOADING'), {
    judgeRetry: ({ line }, purpose) => (line === '-LOADING' && purpose === 'read' ? { afterMs: null } : null),
  });
  await request('read');
  expect(reports).toHaveLength(3);
  await request('action');
  expect(reports).toHaveLength(4);
});

test('the circuit breaker blocks requests after ten failures in a row', async () => {
  const { request, reports, blockReasons } = connect(lost);
  for (let count = 0; count < 10; count += 1) await request('action');
  expect(await request('action')).toMatchObject({ mayHaveArrived: false, problem: { code: 'SYSTEM_UNAVAILABLE', retryAfterSeconds: 5 } });
  expect(blockReasons).toEqual(['breaker']);
  expect(reports).toHaveLength(10);
});

test('rejected credentials are not tried again', async () => {
  const { request, blockReasons } = connect(answer('-WRONGPASS'), { judgeCredentials: () => 'rejected' });
  await request('read');
  expect(await request('read')).toMatchObject({ answered: false, problem: { code: 'VENDOR_AUTHENTICATION_FAILED' } });
  expect(blockReasons).toEqual(['credentials']);
});

test('nothing is sent while the vendor pauses', async () => {
  const { policy, request, reports, blockReasons } = connect(answer('OK'));
  policy.pause(60);
  expect(await request('read')).toMatchObject({ answered: false, problem: { code: 'RATE_LIMITED', retryAfterSeconds: 60 } });
  expect(blockReasons).toEqual(['vendor']);
  expect(reports).toEqual([]);
});

test('at most as many round trips as configured are in flight', async () => {
  let inFlight = 0;
  let most = 0;
  const { request } = connect(async ({ start }) => {
    start();
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
    return { answered: true, line: 'OK' };
  });
  await request('read');
  await Promise.all(Array.from({ length: 10 }, () => request('read')));
  expect(most).toBe(2);
});
