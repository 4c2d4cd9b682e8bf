import { onTestFinished } from 'vitest';
import type { Call } from '../../src/jobs/adapter.ts';
import {
  type AttemptReport,
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpOutcome,
  type TransportSettings,
} from '../../src/transport/http-client.ts';

export interface TestClient extends HttpClient {
  read(options?: Partial<Call>): Promise<HttpOutcome>;
  act(options?: Partial<Call>): Promise<HttpOutcome>;
  /** What `observe` was told. */
  attempts: AttemptReport[];
}

/** A client of one system, named "vendor". Credentials count as accepted by a 200 and as refused by a 401. */
export function connect(baseUrl: string, transport: Partial<TransportSettings> = {}, options: Partial<HttpClientOptions> = {}): TestClient {
  const attempts: AttemptReport[] = [];
  const client = createHttpClient({
    systemId: 'vendor',
    baseUrl,
    transport: { timeoutMs: 1000, concurrency: 4, maxAnswerBytes: 100_000, observe: (attempt) => attempts.push(attempt), ...transport },
    judgeCredentials: ({ status }) => (status === 200 ? 'accepted' : status === 401 ? 'refused' : 'unknown'),
    ...options,
  });
  onTestFinished(() => client.close());
  const call = (given: Partial<Call> = {}): Call => ({ signal: new AbortController().signal, credential: null, ...given });
  return {
    ...client,
    attempts,
    read: (given) => client.send({ method: 'GET', path: '/jobs?page=1', purpose: 'read' }, call(given)),
    act: (given) => client.send({ method: 'POST', path: '/cancel', body: '{}', purpose: 'action' }, call(given)),
  };
}

/** An outcome in short: the status of the answer, or the code of the problem. */
export function describe(outcome: HttpOutcome): number | string {
  return outcome.answered ? outcome.status : `${outcome.problem.code}${outcome.mayHaveArrived ? ', may have arrived' : ''}`;
}
