import type { Logger } from 'pino';
import type { Caller } from '../access/caller.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** The message to requests that arrive after Jobyard was told to stop. */
export const shuttingDown = 'Jobyard is shutting down. Retry.';

/** A request, a connection or an operation that was turned away before GraphQL. */
export interface Rejection {
  /** That of HTTP, also where the refusal is told in another way. */
  status: number;
  code: string;
  /** Null: who it is was not known. */
  caller: Caller | null;
  requestId: string;
  transport: 'http' | 'event-stream' | 'websocket';
}

/** Counts it and leaves a line in the log, at the level of those of ordinary requests; no words of the request's. */
export type RecordRefusal = (refusal: Rejection) => void;

export function createRefusalRecord(metrics: Pick<Metrics, 'observeRefusal'>, logger: Logger): RecordRefusal {
  return ({ status, code, caller, requestId, transport }) => {
    metrics.observeRefusal(status);
    logger.info({ requestId, caller: caller?.name ?? null, transport, status, reason: code }, 'refused');
  };
}
