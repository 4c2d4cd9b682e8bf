import { type EventRow, isAskedFor, type World } from './judged-world.ts';

/** The maximum time until each replica has the cancels that another replica confirmed. */
const knownToAllMs = 32_000;
const mayHaveArrived = new Set(['CONFIRMED', 'ACCEPTED', 'OUTCOME_UNKNOWN']);

/** If a job succeeded although its cancel had been accepted, the last follow-up of the last cancel reports it in the end, once. */
export function checkContradictions(world: World): string[] {
  const { lastRead, overruled } = world;
  if (!lastRead) return [];
  return [...overruled.keys()].flatMap((jobId) => {
    const job = lastRead.jobs.get(jobId);
    // Removed or restarted since, or shown as it was before.
    if (job?.status !== 'SUCCEEDED' || job.stale || isAskedFor(world, jobId, ['RESUME', 'RESTART', 'START'])) return [];
    return checkLastCancel(world, jobId, lastRead.atMs);
  });
}

function checkLastCancel({ events }: World, jobId: string, readMs: number): string[] {
  // The newest come first.
  const ofJob = events.filter((event) => event.jobId === jobId && event.action === 'CANCEL').reverse();
  const last = ofJob.findLast(({ kind, sent, outcome }) => kind === 'ACTION' && sent && mayHaveArrived.has(outcome));
  if (!last) return [];
  const sameRequest = ofJob.filter(({ requestId }) => requestId === last.requestId);
  const followUps = followUpsOf(sameRequest, last);
  const final = followUps.at(-1);
  const name = `the cancel of ${jobId} for ${last.requestId}, ${last.outcome}`;
  // Another rule checks that an unresolved action is tracked.
  if (!final && last.outcome !== 'CONFIRMED') return [];
  // A lost event had no effect if the job was read only after it had succeeded.
  if (last.outcome === 'OUTCOME_UNKNOWN' && final?.outcome === 'ACTION_NOT_ALLOWED') return [];
  if ((final ?? last).outcome === 'CONFIRMED' && Date.parse((final ?? last).recordedAt) + knownToAllMs > readMs) return [];
  if (!final || !endsAgainstIt(final))
    return [`${name}, ends as ${final?.outcome ?? 'it was'} (${final?.message}), and the job has succeeded all the same`];
  // A bulk operation that tries a job again has an event of each attempt.
  const attempts = sameRequest.filter(({ kind, outcome }) => kind === 'ACTION' && mayHaveArrived.has(outcome)).length;
  const times = followUps.filter(endsAgainstIt).length;
  return times > attempts ? [`${name}, was contradicted ${times} times`] : [];
}

/**
 * The follow-ups of the last attempt. A bulk operation may have tried the job before: an attempt whose response was lost has a follow-up of its
 * own, which says that the job ended first, and may come later.
 */
function followUpsOf(sameRequest: readonly EventRow[], last: EventRow): EventRow[] {
  const lostBefore = sameRequest.filter((event) => event !== last && event.kind === 'ACTION' && event.outcome === 'OUTCOME_UNKNOWN').length;
  const followUps = sameRequest.filter(({ kind }) => kind === 'FOLLOW_UP');
  const ofLost = new Set(followUps.filter(({ outcome }) => outcome === 'ACTION_NOT_ALLOWED').slice(0, lostBefore));
  return followUps.filter((event) => !ofLost.has(event));
}

/** A contradiction by a job that continues is not its end. */
const endsAgainstIt = ({ outcome, code, message }: EventRow): boolean =>
  outcome === 'CONTRADICTED' && code === 'WRONG_STATUS' && (message ?? '').endsWith(', but the job ended as SUCCEEDED.');
