import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { EventBatch, EventResult, NewJobEvent } from '../../src/history/job-event.ts';
import type { Store } from '../../src/store/store.ts';
import { createUnavailableStore } from '../unavailable-store.ts';

/** An event of a cancel that was sent and accepted just now. */
export function newEvent(
  changes: Partial<EventBatch & EventResult & Pick<NewJobEvent, 'jobId' | 'createdJobId' | 'sentAt'>> = {},
): NewJobEvent {
  const { jobId = `kinetica:${randomUUID()}`, createdJobId, sentAt = new Date(), ...others } = changes;
  const described = {
    kind: 'ACTION' as const,
    recordedAt: new Date(),
    actionId: randomUUID(),
    systemId: 'kinetica',
    caller: 'key:operator',
    action: 'CANCEL' as const,
    reason: null,
    requestId: 'request',
    operationName: null,
    bulkOperationId: null,
    jobStatus: null,
    vendorStatus: null,
    vendorCode: null,
    outcome: 'CONFIRMED' as const,
    code: null,
    message: null,
    ...others,
  };
  return { batch: described, jobId, jobName: null, createdJobId, sentAt, result: described };
}

export interface SeverableStore {
  store: Store;
  statements: string[];
  way: 'open' | 'cut' | 'answers lost';
}

/** A store whose connection can be cut, and the statements that it got. */
export function severable(store: Store): SeverableStore {
  const seen: SeverableStore = {
    statements: [],
    way: 'open',
    store: {
      ...store,
      async query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]> {
        seen.statements.push(text);
        if (seen.way === 'cut') return createUnavailableStore().query(text, values);
        const rows = await store.query<Row>(text, values);
        if (seen.way === 'answers lost') await createUnavailableStore().query(text);
        return rows;
      },
    },
  };
  return seen;
}

export interface LogLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

/** A logger, and its entries. */
export function createRecordingLogger() {
  const lines: LogLine[] = [];
  return { lines, logger: pino({}, { write: (line) => void lines.push(JSON.parse(line)) }) };
}
