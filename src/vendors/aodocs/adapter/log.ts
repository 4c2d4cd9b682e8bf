import type { CallContext } from '../../../jobs/adapter.ts';
import type { Job } from '../../../jobs/job.ts';
import { type LogLine, type LogPart, type LogRequest, type LogSeverity, type LogSupport, takeLines } from '../../../jobs/job-log.ts';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { toDate } from './map.ts';
import type { WireJobEvent } from './wire.ts';

/** A job's events are its log. */
export function createLogs(calls: Calls): LogSupport {
  return { ofJobs: true, ofSteps: false, hasSeverities: true, getPart: (job, request, call) => getPart(calls, job, request, call) };
}

/** A part is a page of events; AODocs doesn't document their order. A page token of the errors is invalid for all events. */
async function getPart(calls: Calls, { vendorId }: Job, request: LogRequest, call: CallContext): Promise<Result<LogPart | null>> {
  const onlyErrors = request.minSeverity === 'ERROR';
  const reply = await calls.listEvents(vendorId, { onlyErrors, pageToken: request.at.part }, call);
  if (reply.kind === 'notFound') return succeed(null);
  if (reply.kind !== 'value') return fail(reply.problem);
  const { events, nextPageToken } = reply.value;
  return succeed(takeLines(events ?? [], request, toLine, { nextPart: nextPageToken || null }));
}

const severities: ReadonlyMap<string, LogSeverity> = new Map([
  ['INFO', 'INFO'],
  ['WARN', 'WARNING'],
  ['ERROR', 'ERROR'],
]);

function toLine(event: WireJobEvent | null): LogLine | null {
  if (!event) return null;
  const { message, severity, timestamp } = event;
  return {
    loggedAt: toDate(timestamp),
    severity: severities.get(severity ?? '') ?? null,
    message: message ?? '',
    source: null,
    stepId: null,
  };
}
