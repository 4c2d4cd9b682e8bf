import { onTestFinished } from 'vitest';
import type { CallContext } from '../../src/jobs/adapter.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../src/transport/http-client.ts';
import type { HttpResult } from '../../src/transport/http-request.ts';
import type { BreakerState } from '../../src/transport/policy.ts';
import type { AttemptReport, BlockReason, TransportSettings } from '../../src/transport/transport-settings.ts';

export interface TestClient extends HttpClient {
  read(options?: Partial<CallContext>): Promise<HttpResult>;
  act(options?: Partial<CallContext>): Promise<HttpResult>;
  /** The calls of `observe`. */
  attempts: AttemptReport[];
  /** The calls of `onBreakerChange`. */
  breakerStates: BreakerState[];
  /** The calls of `onBlocked`. */
  blockReasons: BlockReason[];
}

/** A client of one system, named "vendor". A 200 accepts the credentials, and a 401 rejects them. */
export function connect(baseUrl: string, transport: Partial<TransportSettings> = {}, options: Partial<HttpClientOptions> = {}): TestClient {
  const attempts: AttemptReport[] = [];
  const breakerStates: BreakerState[] = [];
  const blockReasons: BlockReason[] = [];
  const client = createHttpClient({
    systemId: 'vendor',
    baseUrl,
    transport: {
      timeoutMs: 1000,
      concurrency: 4,
      maxResponseBytes: 100_000,
      observe: (attempt) => attempts.push(attempt),
      onBreakerChange: (state) => breakerStates.push(state),
      onBlocked: (reason) => blockReasons.push(reason),
      ...transport,
    },
    judgeCredentials: ({ status }) => (status === 200 ? 'accepted' : status === 401 ? 'rejected' : 'unknown'),
    ...options,
  });
  onTestFinished(() => client.close());
  const call = (given: Partial<CallContext> = {}): CallContext => ({
    caller: 'test',
    signal: new AbortController().signal,
    credential: null,
    ...given,
  });
  return {
    ...client,
    attempts,
    breakerStates,
    blockReasons,
    read: (given) => client.send({ method: 'GET', path: '/jobs?page=1', purpose: 'read' }, call(given)),
    act: (given) => client.send({ method: 'POST', path: '/cancel', body: '{}', purpose: 'action' }, call(given)),
  };
}

/** An outcome in short: the status of the answer, or the code of the problem. */
export function describe(outcome: HttpResult): number | string {
  return outcome.answered ? outcome.status : `${outcome.problem.code}${outcome.mayHaveArrived ? ', may have arrived' : ''}`;
}
