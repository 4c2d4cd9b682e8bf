import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'pino';

/** What the log and the audit log have to know of a request. */
export interface RequestRecord {
  requestId: string;
  caller: string;
  operation: string | null;
  vendorRequests: number;
}

export const requestRecords = new AsyncLocalStorage<RequestRecord>();

/** One line for each request, with the fields of Jobyard's. */
export function logRequest(logger: Pick<Logger, 'info'>, record: RequestRecord | null, status: number, durationMs: number): void {
  logger.info({ ...record, status, durationMs: Math.round(durationMs) }, 'graphql');
}
