import {
  type CallContext,
  fail,
  type Job,
  type LogPart,
  type LogRequest,
  type LogSupport,
  type Result,
  succeed,
  takeLines,
} from 'jobyard/adapter';
import type { Exchange } from './calls.ts';
import { describeError } from './errors.ts';
import { splitVendorId } from './job-id.ts';
import { createKeyOf } from './keys.ts';
import { optionsOf } from './map.ts';
import type { Reader } from './read.ts';

/** What workers wrote with `job.log`. */
export function createLogs(reader: Reader): LogSupport {
  return { ofJobs: true, ofSteps: false, hasSeverities: false, getPart: (job, request, call) => getPart(reader, job, request, call) };
}

/** Rows of the log at one instant. */
interface StoredLog {
  exists: boolean;
  rows: string[];
  rowCount: number;
  opts: string | null;
}

async function getPart(reader: Reader, { vendorId }: Job, request: LogRequest, call: CallContext): Promise<Result<LogPart | null>> {
  const { at, count } = request;
  const reply = await reader.send('read', reader.slot, readRows(reader, vendorId, at.row, count), call);
  if (reply.kind === 'failed') return fail(reply.problem);
  if (reply.kind === 'error') return fail(describeError(reader.systemId, reply.error));
  const { exists, rows, rowCount, opts } = reply.value;
  if (!exists) return succeed(null);
  const keepLogs = optionsOf(opts ?? undefined).kl;
  const omission =
    keepLogs !== undefined && keepLogs > 0 && rowCount >= keepLogs
      ? `The job keeps only its last ${keepLogs} lines (keepLogs). Lines that are deleted while you read move the others, so some may be skipped.`
      : null;
  // Lines were deleted: this says so.
  if (at.row > rowCount) return succeed(takeLines([], request, toLine));
  const lines = rows.map((message, index) => ({ ...toLine(message), nextRow: at.row + index + 1 }));
  const next = { part: null, row: at.row + rows.length };
  return succeed({ lines, next, hasMore: next.row < rowCount, omission });
}

function readRows({ prefix }: Reader, vendorId: string, start: number, count: number): Exchange<StoredLog> {
  const { queue, id } = splitVendorId(vendorId);
  const keyOf = createKeyOf(prefix, queue);
  const logs = keyOf(`${id}:logs`);
  return async ({ redis }, begin) => {
    if (!begin()) return null;
    const transaction = redis.multi();
    transaction.exists(keyOf(id));
    transaction.lrange(logs, start, start + count - 1);
    transaction.llen(logs);
    transaction.hget(keyOf(id), 'opts');
    const [exists, rows, rowCount, opts] = ((await transaction.exec()) ?? []).map(([error, value]) => {
      if (error) throw error;
      return value;
    });
    return {
      exists: exists === 1,
      rows: Array.isArray(rows) ? rows.map(String) : [],
      rowCount: Number(rowCount),
      opts: typeof opts === 'string' ? opts : null,
    };
  };
}

/** BullMQ keeps only the text. */
function toLine(message: string) {
  return { loggedAt: null, severity: null, message, source: null, stepId: null };
}
