import { mapConcurrently, untilAborted } from '../concurrency/map-concurrently.ts';
import type { ActionResponse, ActionTarget, CallContext } from '../jobs/adapter.ts';
import { valueFor } from '../jobs/by-state.ts';
import type { JobAction } from '../jobs/job.ts';
import { entryOf, pairResults } from '../jobs/pair-results.ts';
import { createProblem, noResponseInTime, type Problem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/job-read.ts';
import { type ActionResult, notSentAgain } from './action-result.ts';
import type { ActionableSystem } from './actionable-system.ts';
import { decide, needsObservation, observedId, type Verdict } from './decide.ts';
import type { ReadOutcomes } from './executions.ts';
import { deadlinePassed, notAttempted, type Obstacle } from './not-attempted.ts';

/** The jobs of one request. */
export type Batch = readonly ActionTarget[];

/** What happens to the requests of an action, and which jobs they name. */
export interface SendCallbacks {
  /** Called when a request for the action gets its connection. If it throws, the request is not sent. */
  onSend?: (vendorIds: readonly string[]) => void;
  /** Whether a request may name the job, as far as is known before the request waits for its connection. Default: true. */
  isFree?: (vendorId: string) => boolean;
  /** Called before `onSend`. Returns the jobs that the request may name; it is sent without the others, which get no result. Default: all. */
  claim?: (vendorIds: readonly string[]) => readonly string[];
  /** Called with jobs to which the vendor responded, and whose outcomes are read after the last request. `readOutcomes` reads some earlier. */
  onResponse?: (vendorIds: readonly string[], readOutcomes: ReadOutcomes) => void;
  /** Called with jobs that are sent again, unless `claim` leaves them out: a read shows that their request may have been rejected because of others. */
  onRejected?: (vendorIds: readonly string[]) => void;
}

/** An action that is being sent to jobs of one system. */
export interface Sending extends SendCallbacks {
  system: ActionableSystem;
  action: JobAction;
  results: ReadonlyMap<string, ActionResult>;
  record(vendorId: string, result: ActionResult): void;
  call: CallContext;
  /** Aborted when nothing more is sent. */
  stopSignal: AbortSignal;
  attemptedAt: Date;
  /** Why nothing more is sent; null: requests are sent. Kept from the first sending to the second. */
  stoppedBy: Obstacle | null;
  /** True: nothing is sent again after this. */
  isLast: boolean;
}

/** What is left of a batch that the vendor rejected as a whole. */
export interface RejectedBatch {
  targets: ActionTarget[];
  /** Whether some of its jobs have a result. */
  isReduced: boolean;
}

/** A request that was sent and has no response when sending stops. */
interface PendingRequest {
  batch: Batch;
  responses: Promise<ActionResponse[]>;
}

/** The response to a request for one of its jobs, and the read of the job after it. */
interface RespondedJob {
  batch: Batch;
  target: ActionTarget;
  response: ActionResponse;
  /** Whether a later response or read may decide the job, too. */
  isProvisional: boolean;
  /** Of the created job, if the action creates one. Null: not read. */
  read: JobRead | null;
}

/** Sends the batches and records the result of each job. Returns the batches that were rejected as a whole, without the jobs that have a result. */
export async function sendAndResolve(sending: Sending, batches: readonly Batch[]): Promise<RejectedBatch[]> {
  if (batches.length === 0) return [];
  const { sent, responded, pending } = await sendAll(sending, batches);
  // Read while the responses are pending: if they don't arrive, the job's current state is all there is.
  const response = noResponse(sending.system.id);
  const unanswered = pending.flatMap(({ batch }) =>
    batch.map((target): RespondedJob => ({ batch, target, response, isProvisional: true, read: null })),
  );
  const unread = Array.from(responded.values()).filter(({ target }) => isOpen(sending, target.vendorId));
  const toResend = await resolveByReading(sending, [...unread, ...unanswered]);
  for (const { batch, responses } of pending) {
    if (!batch.some(({ vendorId }) => isOpen(sending, vendorId))) continue;
    const late = resolveByResponse(sending, batch, await responses).filter(({ target }) => isOpen(sending, target.vendorId));
    toResend.push(...(await resolveByReading(sending, late)));
  }
  reportRejected(sending, toResend);
  return toRejectedBatches(sent, toResend);
}

interface SentBatches {
  /** As they were sent, without the jobs that other executions send. */
  sent: Batch[];
  /** By vendor ID: the jobs whose outcomes their responses don't show. */
  responded: Map<string, RespondedJob>;
  pending: PendingRequest[];
}

/** Sends the batches and records the results that the responses show. The other outcomes can be read from then on, with other calls. */
async function sendAll(sending: Sending, batches: readonly Batch[]): Promise<SentBatches> {
  const responded = new Map<string, RespondedJob>();
  const pending: PendingRequest[] = [];
  // Kept, as such a read may come while jobs of rejected batches are sent again.
  const { isLast } = sending;
  const readOutcomes: ReadOutcomes = async (vendorIds, call) => {
    const jobs = vendorIds.map((id) => ({ ...entryOf(responded, id), isProvisional: true }));
    const toResend = await resolveByReading({ ...sending, isLast, call }, jobs);
    // If they are being sent again by now, no other request may send them.
    if (sending.isLast === isLast) reportRejected(sending, toResend);
  };
  const sent = await mapConcurrently(batches, sending.system.concurrency, async (whole) => {
    const { batch, ...result } = await sendBatch(sending, whole);
    if (result.kind === 'pending') {
      pending.push({ batch, responses: result.responses });
      return batch;
    }
    const unread = resolveByResponse(sending, batch, result.responses);
    for (const job of unread) responded.set(job.target.vendorId, job);
    if (unread.length > 0) sending.onResponse?.(toVendorIds(unread.map(({ target }) => target)), readOutcomes);
    return batch;
  });
  return { sent, responded, pending };
}

function toRejectedBatches(batches: readonly Batch[], toResend: readonly RespondedJob[]): RejectedBatch[] {
  const byBatch = Map.groupBy(toResend, ({ batch }) => batch);
  return batches.flatMap((batch) => {
    const targets = byBatch.get(batch)?.map(({ target }) => target);
    return targets ? [{ targets, isReduced: targets.length < batch.length }] : [];
  });
}

/** `batch`: the jobs that the request named, or would have. */
type Sent = { batch: Batch } & (
  | { kind: 'responded'; responses: ActionResponse[] }
  | { kind: 'pending'; responses: Promise<ActionResponse[]> }
);

/** Sends one request, unless sending stops before its turn, without the jobs that another execution sends. */
async function sendBatch(sending: Sending, whole: Batch): Promise<Sent> {
  const { system, action, call, stopSignal } = sending;
  // A request for the others would wait for its turn, and then give up its connection.
  const batch = whole.filter(({ vendorId }) => isOpen(sending, vendorId) && (sending.isFree?.(vendorId) ?? true));
  if (batch.length === 0) return { kind: 'responded', batch, responses: [] };
  const notSent = (obstacle: Obstacle): Sent => {
    const response: ActionResponse = { kind: 'notSent', problem: notAttempted(system.id, obstacle) };
    return { kind: 'responded', batch, responses: batch.map(() => response) };
  };
  const obstacle = sending.stoppedBy ?? (stopSignal.aborted ? deadlinePassed : null);
  if (obstacle) return notSent(obstacle);
  let isSent = false;
  let claimed: Batch = batch;
  const responses = system.adapter.performAction(action, batch, {
    ...call,
    beforeSend() {
      claimed = claimBatch(sending, batch);
      if (claimed.length < batch.length) return sentElsewhere;
      const problem = recordSending(sending, batch);
      isSent ||= problem === null;
      return problem;
    },
  });
  const inTime = await untilAborted(responses, stopSignal);
  // At the call's own deadline the adapter responds at once, and its response is more specific.
  if (!inTime && !call.signal.aborted) return isSent ? { kind: 'pending', batch, responses } : notSent(deadlinePassed);
  const known = inTime ?? (await responses);
  if (claimed.length < batch.length) return sendBatch(sending, claimed);
  const failed = known.find((response) => response.kind === 'notSent');
  if (failed?.kind === 'notSent' && sending.stoppedBy?.kind !== 'auditUnavailable') {
    sending.stoppedBy = { kind: 'earlierFailure', problem: failed.problem };
  }
  return { kind: 'responded', batch, responses: known };
}

function reportRejected({ onRejected }: Sending, toResend: readonly RespondedJob[]): void {
  if (toResend.length > 0) onRejected?.(toVendorIds(toResend.map(({ target }) => target)));
}

function isOpen({ results }: Sending, vendorId: string): boolean {
  return !results.has(vendorId);
}

/** Never shown: the batch is sent without these jobs. */
const sentElsewhere = createProblem('NOT_ATTEMPTED', 'Some of these jobs need no request.');

/** The jobs of the batch that this execution may send: not those that another one sends, or whose outcome was read meanwhile. */
function claimBatch(sending: Sending, batch: Batch): Batch {
  const { claim } = sending;
  const vendorIds = toVendorIds(batch).filter((id) => isOpen(sending, id));
  const claimed = claim ? claim(vendorIds) : vendorIds;
  if (claimed.length === batch.length) return batch;
  const isClaimed = new Set(claimed);
  return batch.filter(({ vendorId }) => isClaimed.has(vendorId));
}

/** Reports to `onSend` what is being sent. A problem: `onSend` can't record it, so the request is not sent. */
function recordSending(sending: Sending, batch: Batch): Problem | null {
  if (sending.stopSignal.aborted) return notAttempted(sending.system.id, deadlinePassed);
  try {
    sending.onSend?.(toVendorIds(batch));
    return null;
  } catch {
    sending.stoppedBy = { kind: 'auditUnavailable' };
    return notAttempted(sending.system.id, sending.stoppedBy);
  }
}

/** Records the results of the jobs whose responses are conclusive; returns the others, which have to be read again. */
function resolveByResponse(sending: Sending, batch: Batch, responses: readonly ActionResponse[]): RespondedJob[] {
  const { system, action } = sending;
  const open: RespondedJob[] = [];
  const now = new Date();
  for (const [target, response] of pairResults(batch, responses)) {
    const responded: RespondedJob = { batch, target, response, isProvisional: false, read: null };
    if (needsObservation({ systemId: system.id, adapter: system.adapter, action, before: target.job, response }, now)) open.push(responded);
    else resolve(sending, responded);
  }
  return open;
}

/**
 * Reads the jobs again and records their results. Of those that a later response or read may decide, only the ones that this read resolves.
 * Returns the jobs that may have been rejected only because of the others in their batch.
 */
async function resolveByReading(sending: Sending, responded: readonly RespondedJob[]): Promise<RespondedJob[]> {
  if (responded.length === 0) return [];
  const observed = await observe(sending, responded);
  const toResend: RespondedJob[] = [];
  for (const job of await resolveInconclusive(sending, observed)) {
    if (job.isProvisional && isUnknown(sending, job)) continue;
    const target = resolve(sending, job);
    if (target) toResend.push({ ...job, target });
  }
  return toResend;
}

/** The jobs, each with a read of the job that decides its action, if there is one. */
async function observe({ system, action, call }: Sending, responded: readonly RespondedJob[]): Promise<RespondedJob[]> {
  const ids = responded.map(({ target, response }) => observedId({ adapter: system.adapter, action }, target.vendorId, response));
  const toRead = [...new Set(ids.filter((id) => id !== null))];
  const reads = await system.reader.readFresh(toRead, { ...call, resolvesAction: true });
  const readOf = new Map(pairResults(toRead, reads));
  return pairResults(responded, ids).map(([job, id]) => ({ ...job, read: id === null ? null : (readOf.get(id) ?? null) }));
}

/** The jobs, with the adapter's last response for those whose inconclusive response their read leaves unknown. */
async function resolveInconclusive(sending: Sending, observed: readonly RespondedJob[]): Promise<readonly RespondedJob[]> {
  const { adapter } = sending.system;
  if (!adapter.resolveInconclusive || adapter.actions[sending.action].creates) return observed;
  const unknown = observed.filter((job) => !job.isProvisional && job.response.kind === 'inconclusive' && isUnknown(sending, job));
  if (unknown.length === 0) return observed;
  const targets = unknown.map(({ target }) => target);
  const responses = await adapter.resolveInconclusive(sending.action, targets, { ...sending.call, resolvesAction: true });
  const responseOf = new Map(pairResults(unknown, responses));
  return observed.map((job) => ({ ...job, response: responseOf.get(job) ?? job.response }));
}

function isUnknown(sending: Sending, job: RespondedJob): boolean {
  return decideResult(sending, job).result.outcome === 'OUTCOME_UNKNOWN';
}

function decideResult({ system, action, attemptedAt }: Sending, { response, target, read }: RespondedJob): Verdict {
  const { id: systemId, adapter } = system;
  return decide({ systemId, adapter, action, before: target.job, response, attemptedAt, overdueAt: null }, read, new Date());
}

/** Records the result of a job. Returns instead the target to send once more if it may have been rejected only because of its batch. */
function resolve(sending: Sending, responded: RespondedJob): ActionTarget | null {
  const { system, action, isLast, call } = sending;
  const { target, response, read } = responded;
  const { vendorId } = target;
  const { result, isOfBatch } = decideResult(sending, responded);
  if (isOfBatch && read?.kind === 'job' && !isLast) return { vendorId, job: read.job };
  sending.record(vendorId, isLast && result.outcome === 'NOT_ATTEMPTED' ? notSentAgain(result.problem) : result);
  const { acceptedState, creates } = system.adapter.actions[action];
  const state = creates ? null : valueFor(acceptedState, target.job);
  if (response.kind === 'accepted' && state) system.reader.cacheState(vendorId, state, call);
  return null;
}

function toVendorIds(targets: readonly ActionTarget[]): string[] {
  return targets.map(({ vendorId }) => vendorId);
}

function noResponse(systemId: string): ActionResponse {
  return { kind: 'inconclusive', problem: noResponseInTime(systemId) };
}
