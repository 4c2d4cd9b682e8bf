import { type ActionResponse, type ActionTarget, type CallContext, createProblem, toUncertain } from 'jobyard/adapter';
import type { Actor } from './actor.ts';
import type { Reply } from './calls.ts';
import { codeOf } from './errors.ts';
import { splitVendorId } from './job-id.ts';
import { createKeyOf } from './keys.ts';
import type { Link } from './link.ts';
import { toJobFields } from './map.ts';
import { readAfter } from './read.ts';
import { addReads, type State, type StoredRead, toStoredReads } from './read-jobs.ts';
import { toErrorResponse, toUnchangedResponse, toUnsentResponse } from './responses.ts';
import type { Slot } from './slot.ts';

/** How often the removal of a job that changes between its read and its removal is attempted. */
const maxAttempts = 3;
const removable: ReadonlySet<State> = new Set(['waiting', 'prioritized', 'delayed', 'waiting-children']);

/**
 * Cancels a job that has not begun by removing it. BullMQ's removal asks for no state: of a job that ended meanwhile it deletes the result,
 * and it returns 1 for an unknown job, too. So the job is watched, read, and removed only if nothing has changed it since.
 */
export async function removeWaiting(actor: Actor, target: ActionTarget, call: CallContext): Promise<ActionResponse> {
  return actor.guards.use(async (slot) => {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const response = await readAndRemove(actor, slot, target, call);
      if (response) return response;
    }
    const message = `${actor.systemId} changed ${target.vendorId} during each of ${maxAttempts} attempts to remove it. Nothing was removed.`;
    return { kind: 'rejected', problem: createProblem('VENDOR_REJECTED', message), vendorCode: 'changed' };
  });
}

/** Null: the job changed between its read and its removal, and nothing was removed. */
async function readAndRemove(actor: Actor, slot: Slot, target: ActionTarget, call: CallContext): Promise<ActionResponse | null> {
  const reply = await actor.send('read', slot, async (link, start) => (start() ? watch(actor, link, target.vendorId) : null), {
    ...call,
    resolvesAction: true,
  });
  if (reply.kind === 'failed') return { kind: 'notSent', problem: reply.problem };
  if (reply.kind === 'error') return toUnsentResponse(actor.systemId, reply.error);
  const { read, link: watching } = reply.value;
  const objection = objectTo(actor, target, read);
  if (objection) return objection;
  const removed = await actor.send<Removed>(
    'action',
    slot,
    // The watch ended with its connection.
    async (link, start) => (link === watching && start() ? remove(actor, link, target.vendorId) : null),
    call,
  );
  return toResponse(actor.systemId, removed, target.vendorId);
}

interface Watched {
  link: Link;
  read: StoredRead;
}

/** Watches the job's hash, which BullMQ writes at each start, end, and promotion, and then reads the job. */
async function watch({ prefix, privateFields }: Actor, link: Link, vendorId: string): Promise<Watched> {
  const { queue, id } = splitVendorId(vendorId);
  const options = { prefix, queue, ids: [id], privateFields };
  const watching = link.redis.watch(createKeyOf(prefix, queue)(id));
  // Not a transaction, which would end the watch.
  const pipeline = link.redis.pipeline();
  addReads(pipeline, options);
  const [, replies] = await Promise.all([watching, pipeline.exec()]);
  return { link, read: toStoredReads(options, replies ?? []).get(id) ?? { kind: 'notFound' } };
}

/** Why the job must not be removed, or null. */
function objectTo({ systemId, canceledReasons }: Actor, { vendorId, job: before }: ActionTarget, read: StoredRead): ActionResponse | null {
  if (read.kind === 'notFound') return { kind: 'notFound' };
  const reject = (message: string, vendorCode: string): ActionResponse => ({
    kind: 'rejected',
    vendorCode,
    problem: createProblem('VENDOR_REJECTED', `${systemId} can't remove ${vendorId}: ${message}.`),
  });
  if (read.kind === 'broken') return reject('its key has another type', 'WRONGTYPE');
  const { state } = read.job;
  if (!removable.has(state)) return reject(`it is ${state}`, state);
  // Custom IDs can be used again after a removal.
  const { createdAt } = toJobFields(read.job, canceledReasons);
  const isOther = before !== null && before.createdAt?.getTime() !== createdAt?.getTime();
  return isOther ? reject('another job has its ID now', 'replaced') : null;
}

/** Null `code`: not removed, as the job changed. `after`: the job after a script that ended with an error. */
interface Removed {
  code: number | null;
  failed: { error: Error; after: StoredRead | null } | null;
}

async function remove(actor: Actor, link: Link, vendorId: string): Promise<Removed> {
  const { queue, id } = splitVendorId(vendorId);
  const keyOf = createKeyOf(actor.prefix, queue);
  try {
    // 0: the children of a flow stay.
    const executed = await link.runGuardedScript('removeJob', [keyOf(id), keyOf('repeat'), id, 0, keyOf('')]);
    return { code: executed && Number(executed.result), failed: null };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ReplyError') throw error;
    if (codeOf(error) === 'NOSCRIPT') {
      // ioredis believes that Redis still has the script, as long as the connection is open.
      link.close();
      return { code: null, failed: null };
    }
    return { code: null, failed: { error, after: await readAfter(actor, link, vendorId) } };
  }
}

function toResponse(systemId: string, reply: Reply<Removed>, vendorId: string): ActionResponse | null {
  if (reply.kind === 'failed') return toUncertain(reply);
  if (reply.kind === 'error') return toErrorResponse(systemId, reply.error);
  const { code, failed } = reply.value;
  if (failed) {
    const isUnchanged = failed.after?.kind === 'job' && removable.has(failed.after.job.state);
    return isUnchanged ? toUnchangedResponse(systemId, failed.error) : toErrorResponse(systemId, failed.error);
  }
  switch (code) {
    case null:
      return null;
    case 1:
      return { kind: 'accepted', job: null };
    case -8: {
      const message = `${vendorId} is the next run of a scheduler. Remove the scheduler instead.`;
      return { kind: 'rejected', problem: createProblem('NOT_ELIGIBLE', message), vendorCode: '-8' };
    }
    default: {
      const problem = createProblem(
        'VENDOR_REJECTED',
        `${systemId} didn't remove ${vendorId}: a worker has locked it or one of its children.`,
      );
      return { kind: 'rejected', problem, vendorCode: String(code) };
    }
  }
}
