import { type ActionResponse, type ActionTarget, type CallContext, createProblem, type Problem } from 'jobyard/adapter';
import type { Actor } from './actor.ts';
import { describeError } from './errors.ts';
import { splitVendorId } from './job-id.ts';
import { createKeyOf } from './keys.ts';
import type { Link } from './link.ts';

/** How many of a queue's latest events are read. */
const maxEvents = 1_000;

/** The event of a job that came last. */
interface LastEvent {
  event: string;
  prev: string | null;
}

/** Where a job was that had not begun. */
const waitingPlaces: ReadonlySet<string> = new Set(['wait', 'paused', 'prioritized', 'delayed', 'waiting-children']);

/**
 * Resolves removals without a response, of jobs that are gone: each queue's stream has an event of each removal, with
 * the place that the job was removed from. A job that ended and kept no result is gone as well.
 */
export function resolveRemovals(actor: Actor, targets: readonly ActionTarget[], call: CallContext): Promise<ActionResponse[]> {
  return Promise.all(targets.map(({ vendorId }) => resolveRemoval(actor, vendorId, call)));
}

async function resolveRemoval({ systemId, prefix, send, slot }: Actor, vendorId: string, call: CallContext): Promise<ActionResponse> {
  const { queue, id } = splitVendorId(vendorId);
  const key = createKeyOf(prefix, queue)('events');
  const reply = await send('read', slot, async (link, start) => (start() ? findLastEvent(link, key, id) : null), call);
  const inconclusive = (problem: Problem): ActionResponse => ({ kind: 'inconclusive', problem });
  if (reply.kind === 'failed') return inconclusive(reply.problem);
  if (reply.kind === 'error') return inconclusive(describeError(systemId, reply.error));
  const { last } = reply.value;
  if (last?.event === 'removed' && waitingPlaces.has(last.prev ?? '')) return { kind: 'accepted', job: null };
  if (last?.event === 'completed' || last?.event === 'failed') {
    const problem = createProblem(
      'VENDOR_REJECTED',
      `${systemId} didn't remove ${vendorId} in time: it ${last.event}, and nothing of it was kept.`,
    );
    return { kind: 'rejected', problem, vendorCode: last.event };
  }
  return inconclusive(createProblem('OUTCOME_UNKNOWN', `${systemId} has no event that shows the outcome for ${vendorId}.`));
}

async function findLastEvent({ redis }: Link, key: string, id: string): Promise<{ last: LastEvent | null }> {
  for (const [, fields] of await redis.xrevrange(key, '+', '-', 'COUNT', maxEvents)) {
    const values = new Map<string, string>();
    for (let index = 0; index + 1 < fields.length; index += 2) values.set(fields[index] ?? '', fields[index + 1] ?? '');
    if (values.get('jobId') === id) return { last: { event: values.get('event') ?? '', prev: values.get('prev') ?? null } };
  }
  return { last: null };
}
