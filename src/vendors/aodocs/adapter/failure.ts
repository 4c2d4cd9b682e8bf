import type { CallContext } from '../../../jobs/adapter.ts';
import type { Job, JobFailure } from '../../../jobs/job.ts';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { toFailure } from './map.ts';
import type { WireJobEventList } from './wire.ts';

/** A thousand errors: in a job with more failed tasks, any of them explains the failure. */
const maxPages = 10;

/** Reads a job's errors page by page. AODocs doesn't document their order, so the latest may be on any page. */
export async function getFailure({ calls }: { calls: Calls }, { vendorId }: Job, call: CallContext): Promise<Result<JobFailure | null>> {
  const events: NonNullable<WireJobEventList['events']> = [];
  let pageToken: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const reply = await calls.listEvents(vendorId, { onlyErrors: true, pageToken }, call);
    if (reply.kind === 'notFound') return succeed(null);
    if (reply.kind !== 'value') return fail(reply.problem);
    events.push(...(reply.value.events ?? []));
    const next: string | null = reply.value.nextPageToken || null;
    if (next === null) return succeed(toFailure(events, true));
    // Reading the same page again would show nothing new.
    if (next === pageToken) break;
    pageToken = next;
  }
  return succeed(toFailure(events, false));
}
