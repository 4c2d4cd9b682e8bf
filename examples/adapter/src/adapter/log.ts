import {
  type CallContext,
  fail,
  type LogLine,
  type LogPart,
  type LogRequest,
  type LogSeverity,
  type LogSupport,
  type Result,
  succeed,
  takeLines,
} from 'jobyard/adapter';
import type { Calls } from './calls.ts';
import { toDate } from './map.ts';
import type { LogEntry } from './wire.ts';

/** Runs have logs; Nightrun has no steps. */
export function createLogs(calls: Calls): LogSupport {
  return {
    ofJobs: true,
    ofSteps: false,
    hasSeverities: true,
    getPart: (job, request, call) => getPart(calls, job.vendorId, request, call),
  };
}

/** A part is a response, and its name the number of its first entry. */
async function getPart(calls: Calls, id: string, request: LogRequest, call: CallContext): Promise<Result<LogPart | null>> {
  const from = Number(request.at.part ?? 0);
  const reply = await calls.getLog(id, from, call);
  if (reply.kind !== 'value') return fail(reply.problem);
  if (!reply.value) return succeed(null);
  const { entries, total } = reply.value;
  const end = from + entries.length;
  return succeed(takeLines(entries, request, toLine, { nextPart: end < total ? String(end) : null }));
}

const severities: ReadonlyMap<string, LogSeverity> = new Map([
  ['info', 'INFO'],
  ['warn', 'WARNING'],
  ['error', 'ERROR'],
]);

function toLine(entry: LogEntry | null): LogLine | null {
  if (!entry) return null;
  return {
    loggedAt: toDate(entry.at),
    severity: severities.get(entry.level ?? '') ?? null,
    message: entry.text,
    source: null,
    stepId: null,
  };
}
