import type { CancelEvent } from './overview-data.ts';

/** The state of a cancellation, as its job shows it. */
export interface OpenCancellation {
  jobId: string;
  name: string;
  requestedAt: string;
  requestedBy: string;
  state: 'open' | 'overdue' | 'contradicted' | 'unknown';
  /** The status that contradicts it. */
  status: string | null;
}

/** The cancellations that are not over, from the latest event of each job. */
export function findOpenCancellations(events: readonly CancelEvent[]): readonly OpenCancellation[] {
  const seen = new Set<string>();
  return events.flatMap((event) => {
    if (seen.has(event.jobId)) return [];
    seen.add(event.jobId);
    const { cancellation, name } = event.job;
    if (!cancellation) return [];
    const state = stateOf(event, cancellation);
    if (state === null) return [];
    const { requestedAt, requestedBy, contradictingStatus } = cancellation;
    return [{ jobId: event.jobId, name, requestedAt, requestedBy, state, status: contradictingStatus }];
  });
}

function stateOf(event: CancelEvent, cancellation: NonNullable<CancelEvent['job']['cancellation']>): OpenCancellation['state'] | null {
  if (cancellation.contradictingStatus !== null) return 'contradicted';
  if (cancellation.resolvedAt !== null) return null;
  if (cancellation.overdue) return 'overdue';
  return event.outcome === 'OUTCOME_UNKNOWN' ? 'unknown' : 'open';
}
