import { type CallContext, createProblem, type JobSystemAdapter, type Problem, type SystemSettings } from 'jobyard/adapter';
import { checkEligibility, createActionSupport, performAction } from './actions.ts';
import type { Actor } from './actor.ts';
import { createSend } from './calls.ts';
import { describeError } from './errors.ts';
import { checkVendorId } from './job-id.ts';
import { resolveRemovals } from './last-event.ts';
import type { LinkOptions } from './link.ts';
import { createListSources } from './list.ts';
import { createLogs } from './log.ts';
import { getOutputs } from './outputs.ts';
import { createConfiguredQueues, createDiscoveredQueues, createKeyScan } from './queues.ts';
import { getJobs, maxReadJobs, type Reader } from './read.ts';
import type { BullmqSettings } from './settings.ts';
import { createSlot, createSlotPool } from './slot.ts';

/** The adapter of BullMQ's queues in one Redis database. */
export function createAdapter({ id: systemId, url, transport }: SystemSettings, settings: BullmqSettings): JobSystemAdapter {
  const { username, password, prefix, relayNamespace, queues: names } = settings;
  const linkOptions: LinkOptions = {
    url,
    username,
    password,
    certificateAuthorities: transport.connection?.certificateAuthorities ?? null,
    prefix,
    relayNamespace,
    connectTimeoutMs: transport.timeoutMs,
  };
  const slot = createSlot(linkOptions);
  const guards = createSlotPool(linkOptions);
  const send = createSend(systemId, transport);
  const canceledReasons = [settings.cancelReason, ...settings.canceledReasons];
  const reader: Reader = { systemId, prefix, privateFields: settings.raw, canceledReasons, send, slot };
  const actor: Actor = { ...reader, settings, guards };
  const queues = names
    ? createConfiguredQueues(names)
    : createDiscoveredQueues({ systemId, prefix, scan: createKeyScan({ prefix, send, slot }) });
  return {
    actions: createActionSupport(settings),
    reads: { maxBatchSize: maxReadJobs, minIntervalMs: 0, scanFrom: null },
    hasScopes: true,
    checkVendorId: (vendorId) => checkVendorId(vendorId, names),
    getJobs: (vendorIds, call) => getJobs(reader, vendorIds, call),
    findLists: (call) => queues.find(call),
    listJobs: (query) => createListSources(reader, queues.list(query.scopes), query),
    performAction: (action, targets, call) => performAction(actor, action, targets, call),
    async resolveInconclusive(action, targets, call) {
      if (action === 'CANCEL') return resolveRemovals(actor, targets, call);
      const problem = createProblem('OUTCOME_UNKNOWN', `${systemId} has no events that show whether the job was changed.`);
      return targets.map(() => ({ kind: 'inconclusive', problem }));
    },
    checkEligibility: (action, job) => checkEligibility(settings, action, job),
    getOutputs: (job, call) => getOutputs(reader, job, call),
    logs: createLogs(reader),
    checkHealth: (call) => checkHealth(reader, call),
    async close() {
      slot.close();
      guards.close();
    },
  };
}

async function checkHealth({ systemId, send, slot }: Reader, call: CallContext): Promise<Problem | null> {
  const reply = await send('read', slot, async ({ redis }, start) => (start() ? { pong: await redis.ping() } : null), call);
  if (reply.kind === 'failed') return reply.problem;
  return reply.kind === 'error' ? describeError(systemId, reply.error) : null;
}
