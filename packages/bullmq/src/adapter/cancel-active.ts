import { type ActionResponse, type ActionTarget, type CallContext, createProblem, toUncertain } from 'jobyard/adapter';
import type { Actor } from './actor.ts';
import { splitVendorId } from './job-id.ts';
import type { Link } from './link.ts';
import { toErrorResponse } from './responses.ts';
import type { BullmqSettings } from './settings.ts';

/** The maximum length of a message, far above that of an ID and a reason. */
const maxMessageLength = 64 * 1024;

/** The relay's topic for the active jobs of a queue. Null: there is none, or the queue's name can't be part of it. */
export function topicFor({ cancelTopic }: BullmqSettings, queue: string): string | null {
  if (cancelTopic === undefined) return null;
  if (!cancelTopic.includes('{queue}')) return cancelTopic;
  return /^[A-Za-z0-9_-]+$/.test(queue) ? cancelTopic.replaceAll('{queue}', queue) : null;
}

/**
 * Tells the workers that listen to `cancelTopic` to cancel an active job. Only the job's own worker can, and its code decides: the job ends
 * later, with a reason of its own, or not at all.
 */
export async function cancelActive(actor: Actor, { vendorId }: ActionTarget, call: CallContext): Promise<ActionResponse> {
  const { systemId, settings, send, slot } = actor;
  const { queue, id } = splitVendorId(vendorId);
  const topic = topicFor(settings, queue);
  if (topic === null) {
    const problem = createProblem('NOT_ELIGIBLE', `${systemId} has no topic to cancel active jobs of ${queue} (cancelTopic).`);
    return { kind: 'rejected', problem, vendorCode: null };
  }
  const message = JSON.stringify({ jobId: id, reason: settings.cancelReason });
  const reply = await send('action', slot, async (link, start) => (start() ? publish(link, topic, message) : null), call);
  if (reply.kind === 'failed') return toUncertain(reply);
  if (reply.kind === 'error') return toErrorResponse(systemId, reply.error);
  if (reply.value.endpoints > 0) return { kind: 'accepted', job: null };
  const text = `${systemId} has no worker that listens to ${topic}, so no worker was told to cancel ${vendorId}.`;
  return { kind: 'rejected', problem: createProblem('VENDOR_REJECTED', text), vendorCode: 'no listener' };
}

async function publish(link: Link, topic: string, message: string): Promise<{ endpoints: number }> {
  const { endpoints } = await link.publish(topic, message, { ts: Date.now(), retainMs: 0, maxSize: maxMessageLength });
  return { endpoints };
}
