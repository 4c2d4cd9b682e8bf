import type { Logger } from 'pino';
import type { Caller } from '../access/caller.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** The message to requests that arrive while Jobyard shuts down. */
export const shuttingDown = 'Jobyard is shutting down. Retry.';

/** A request, connection, or operation that was rejected before GraphQL. */
export interface Rejection {
  /** The HTTP status, even if the rejection isn't sent over HTTP. */
  status: number;
  code: string;
  /** Null: the caller wasn't authenticated. */
  caller: Caller | null;
  requestId: string;
  transport: 'http' | 'event-stream' | 'websocket';
}

/** Counts the rejection and logs it at the level of ordinary requests, without any text of the request. */
export type RecordRejection = (rejection: Rejection) => void;

export function createRejectionRecorder(metrics: Pick<Metrics, 'observeRejection'>, logger: Logger): RecordRejection {
  return ({ status, code, caller, requestId, transport }) => {
    metrics.observeRejection(status);
    logger.info({ requestId, caller: caller?.name ?? null, transport, status, reason: code }, 'rejected');
  };
}
