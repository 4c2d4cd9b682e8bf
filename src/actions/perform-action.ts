import { chunk, mapConcurrently, untilAborted } from '../concurrency/map-concurrently.ts';
import type { ActionResponse, ActionTarget, CallContext } from '../jobs/adapter.ts';
import { actionNotSupported, doubtAction } from '../jobs/eligibility.ts';
import type { JobAction } from '../jobs/job.ts';
import { createProblem, type Problem } from '../jobs/problem.ts';
import type { JobRead } from '../reading/reader.ts';
import { type ActionResult, shareResults } from './action-result.ts';
import type { ActionableSystem } from './actionable-system.ts';
import { decide, needsObservation, type Verdict } from './decide.ts';
import { precheckRead } from './precheck.ts';

export interface PerformOptions {
  /** Check everything, send nothing. */
  dryRun: boolean;
  /** Told when a request for the action is put on a connection. A throw keeps it from being sent. */
  onSend?: (vendorIds: readonly string[]) => void;
  /** Aborted when nothing more may be sent. What is left of the call's time is for reading what came of the action. Default: never. */
  sendSignal?: AbortSignal;
  /** Told of each job's result when it is known. */
  onResult?: (vendorId: string, result: ActionResult) => void;
}

const maxSettlingMs = 5_000;

/** The part of an operation's time in which it sends no action: it is kept for reading what came of those that were sent. */
export function settlingMs(operationMs: number): number {
  return Math.min(maxSettlingMs, operationMs / 5);
}

/**
 * Takes an action on jobs of one system and finds out, job by job, what came of it. Each id once; results by id.
 * Nothing is sent twice, except the innocent of a request that was refused as a whole: those once more.
 */
export async function performAction(
  system: ActionableSystem,
  action: JobAction,
  vendorIds: readonly string[],
  options: PerformOptions,
  call: CallContext,
): Promise<Map<string, ActionResult>> {
  const { adapter } = system;
  const support = adapter.actions[action];
  const { onSend, sendSignal, onResult } = options;
  const results = new Map<string, ActionResult>();
  const share = shareResults();
  const record = (vendorId: string, result: ActionResult): void => {
    const shared = share(result);
    results.set(vendorId, shared);
    onResult?.(vendorId, shared);
  };

  if (support.support === 'UNSUPPORTED') {
    const problem = actionNotSupported(action, system.id);
    for (const id of vendorIds) record(id, { outcome: 'ACTION_NOT_ALLOWED', problem, job: null });
    return results;
  }

  let targets: ActionTarget[] = vendorIds.map((vendorId) => ({ vendorId, job: null }));
  if (support.readBeforeAction || options.dryRun) {
    targets = [];
    const reads = await system.reader.readFresh(vendorIds, call);
    vendorIds.forEach((vendorId, index) => {
      const read = reads[index] as JobRead;
      const decided = precheckRead(system.id, adapter, action, read);
      if (decided) record(vendorId, decided);
      else targets.push({ vendorId, job: read.kind === 'job' ? read.job : null });
    });
  }
  if (options.dryRun) {
    for (const { vendorId, job } of targets) {
      record(vendorId, { outcome: 'DRY_RUN_PASSED', job, doubt: job && doubtAction(adapter, action, job) });
    }
    return results;
  }

  const stopSignal = sendSignal ? AbortSignal.any([call.signal, sendSignal]) : call.signal;
  const sending: Sending = {
    system,
    action,
    results,
    record,
    call,
    onSend,
    stopSignal,
    attemptedAt: new Date(),
    stoppedBy: null,
    isLast: false,
  };
  const again = await sendAndSettle(sending, groupTargets(system, action, targets));
  // A second request for several only where the first one's culprits were found and left out; otherwise each alone.
  const alone = again.filter((group) => !group.reduced).flatMap((group) => group.targets.map((target) => [target]));
  const together = again.filter((group) => group.reduced).map((group) => group.targets);
  sending.isLast = true;
  await sendAndSettle(sending, [...together, ...alone]);
  return results;
}

/** The requests to make: at most `requestSize` jobs each, and only jobs that can share one. */
function groupTargets(system: ActionableSystem, action: JobAction, targets: ActionTarget[]): Group[] {
  const { batchKey, requestSize } = system.adapter.actions[action];
  if (!batchKey) return chunk(targets, requestSize);
  const groups = Map.groupBy(targets, ({ job }) => (job ? batchKey(job) : ''));
  return [...groups.values()].flatMap((group) => chunk(group, requestSize));
}

interface Sending {
  system: ActionableSystem;
  action: JobAction;
  results: ReadonlyMap<string, ActionResult>;
  record(vendorId: string, result: ActionResult): void;
  call: CallContext;
  onSend: PerformOptions['onSend'];
  /** Aborted when nothing more is sent. */
  stopSignal: AbortSignal;
  attemptedAt: Date;
  /** Why nothing more is sent; kept from the first sending to the second. */
  stoppedBy: Obstacle | null;
  /** Nothing is sent again after this. */
  isLast: boolean;
}

/** Why a request isn't sent. */
type Obstacle = { kind: 'timeIsUp' } | { kind: 'auditUnavailable' } | { kind: 'earlierFailure'; problem: Problem };

type Group = readonly ActionTarget[];

/** A request that was sent and has no answer when sending stops. */
interface Unanswered {
  group: Group;
  answers: Promise<ActionResponse[]>;
}

/**
 * Sends the groups and settles what can be settled.
 * Returns the groups that were refused as a whole, without the jobs that turned out to be settled.
 */
async function sendAndSettle(sending: Sending, groups: readonly Group[]): Promise<{ targets: ActionTarget[]; reduced: boolean }[]> {
  if (groups.length === 0) return [];
  const open: Answered[] = [];
  const unanswered: Unanswered[] = [];
  await mapConcurrently(groups, sending.system.concurrency, async (group) => {
    const sent = await sendGroup(sending, group);
    if (sent.kind === 'unanswered') unanswered.push({ group, answers: sent.answers });
    else open.push(...settleAnswered(sending, group, sent.answers));
  });

  // While their answers may still come: what the job shows by now is better than nothing when they don't.
  const late = unanswered.flatMap(({ group }) =>
    group.map((target): Answered => ({ group, target, answer: lateAnswer(sending.system.id) })),
  );
  const innocent = await settleOpen(sending, open, late);
  for (const { group, answers } of unanswered) {
    const isOpen = ({ vendorId }: ActionTarget): boolean => !sending.results.has(vendorId);
    if (group.some(isOpen)) {
      const answered = settleAnswered(sending, group, await answers).filter(({ target }) => isOpen(target));
      for (const each of await settleOpen(sending, answered, [])) innocent.push(each);
    }
  }

  const again = Map.groupBy(innocent, ({ group }) => group);
  return groups.flatMap((group) => {
    const targets = again.get(group)?.map(({ target }) => target);
    return targets ? [{ targets, reduced: targets.length < group.length }] : [];
  });
}

type Sent = { kind: 'answered'; answers: ActionResponse[] } | { kind: 'unanswered'; answers: Promise<ActionResponse[]> };

/** Asks for the action in one request. When sending stops before its turn has come, it isn't sent. */
async function sendGroup(sending: Sending, group: Group): Promise<Sent> {
  const { system, action, call, stopSignal } = sending;
  const notSent = (reason: Obstacle): Sent => {
    const response: ActionResponse = { kind: 'notSent', problem: notAttempted(system.id, reason) };
    return { kind: 'answered', answers: group.map(() => response) };
  };
  const obstacle = sending.stoppedBy ?? (stopSignal.aborted ? timeIsUp : null);
  if (obstacle) return notSent(obstacle);
  let isSent = false;
  const answers = system.adapter.performAction(action, group, {
    ...call,
    beforeSend() {
      const objection = announce(sending, group);
      isSent ||= objection === null;
      return objection;
    },
  });
  const inTime = await untilAborted(answers, stopSignal);
  // At the end of all time the adapter answers at once, and knows best.
  if (!inTime && !call.signal.aborted) return isSent ? { kind: 'unanswered', answers } : notSent(timeIsUp);
  const known = inTime ?? (await answers);
  const failed = known.find((answer) => answer.kind === 'notSent');
  if (failed?.kind === 'notSent' && sending.stoppedBy?.kind !== 'auditUnavailable') {
    sending.stoppedBy = { kind: 'earlierFailure', problem: failed.problem };
  }
  return { kind: 'answered', answers: known };
}

/** What a request brought for one of its jobs. */
interface Answered {
  group: Group;
  target: ActionTarget;
  answer: ActionResponse;
}

/** Settles the jobs whose answers say all; returns the others, which have to be read again. */
function settleAnswered(sending: Sending, group: Group, answers: readonly ActionResponse[]): Answered[] {
  const { system, action } = sending;
  const open: Answered[] = [];
  const now = new Date();
  group.forEach((target, index) => {
    const answered: Answered = { group, target, answer: answers[index] as ActionResponse };
    const attempt = { systemId: system.id, adapter: system.adapter, action, before: target.job, response: answered.answer };
    if (needsObservation(attempt, now)) open.push(answered);
    else settle(sending, answered, null);
  });
  return open;
}

/**
 * Reads the jobs again and settles them. Of the late ones, whose answers may still come, only those that show what came of it.
 * Returns those that were refused only because of the others in their request.
 */
async function settleOpen(sending: Sending, open: readonly Answered[], late: readonly Answered[]): Promise<Answered[]> {
  const asked = [...open, ...late];
  if (asked.length === 0) return [];
  const reads = await sending.system.reader.readFresh(
    asked.map(({ target }) => target.vendorId),
    { ...sending.call, settlesAction: true },
  );
  const innocent: Answered[] = [];
  open.forEach((answered, index) => {
    const again = settle(sending, answered, reads[index] as JobRead);
    if (again) innocent.push({ ...answered, target: again });
  });
  late.forEach(({ answer, target }, index) => {
    const after = reads[open.length + index] as JobRead;
    if (decideAnswered(sending, { answer, target }, after).result.outcome !== 'OUTCOME_UNKNOWN') settle(sending, { answer, target }, after);
  });
  return innocent;
}

function decideAnswered(
  { system, action, attemptedAt }: Sending,
  { answer, target }: Omit<Answered, 'group'>,
  after: JobRead | null,
): Verdict {
  const { id: systemId, adapter } = system;
  return decide({ systemId, adapter, action, before: target.job, response: answer, attemptedAt, overdueAt: null }, after, new Date());
}

/** Records the result of a job. Returns what to send once more if it may have been refused only because of the others in its request. */
function settle(sending: Sending, { answer, target }: Omit<Answered, 'group'>, after: JobRead | null): ActionTarget | null {
  const { system, action, isLast, call } = sending;
  const { result, isOfBatch } = decideAnswered(sending, { answer, target }, after);
  if (isOfBatch && after?.kind === 'job' && !isLast) return { vendorId: target.vendorId, job: after.job };
  sending.record(target.vendorId, isLast && result.outcome === 'NOT_ATTEMPTED' ? notOnceMore(result.problem) : result);
  const { acceptedState } = system.adapter.actions[action];
  if (answer.kind === 'accepted' && acceptedState) system.reader.cacheState(target.vendorId, acceptedState, call);
  return null;
}

/** Tells the audit what is being sent. A problem where it can't keep that: then nothing is sent. */
function announce(sending: Sending, group: Group): Problem | null {
  if (sending.stopSignal.aborted) return notAttempted(sending.system.id, timeIsUp);
  try {
    sending.onSend?.(group.map(({ vendorId }) => vendorId));
    return null;
  } catch {
    sending.stoppedBy = { kind: 'auditUnavailable' };
    return notAttempted(sending.system.id, sending.stoppedBy);
  }
}

/** It did reach the vendor, in a request that was refused as a whole: NotAttempted would not be true. */
function notOnceMore({ message, retryAfterSeconds }: Problem): ActionResult {
  const problem = createProblem(
    'SYSTEM_UNAVAILABLE',
    `Refused together with other jobs, which changed nothing; then: ${message}`,
    retryAfterSeconds,
  );
  return { outcome: 'SYSTEM_UNAVAILABLE', problem };
}

const timeIsUp: Obstacle = { kind: 'timeIsUp' };

function lateAnswer(systemId: string): ActionResponse {
  return { kind: 'inconclusive', problem: createProblem('TIMED_OUT', `${systemId} had not answered when the operation's time was up.`) };
}

/** The result at the end of an operation's time of a job without one. `sentAt`: when a request for the action was sent; null: none was. */
export function describeUnfinished({ id, adapter }: ActionableSystem, action: JobAction, sentAt: Date | null): ActionResult {
  if (sentAt === null) return { outcome: 'NOT_ATTEMPTED', problem: notAttempted(id, timeIsUp) };
  const problem = createProblem('OUTCOME_UNKNOWN', `The operation's time was up before it was known what came of the action on ${id}.`);
  return { outcome: 'OUTCOME_UNKNOWN', problem, attemptedAt: sentAt, safeToRetry: adapter.actions[action].safeToRetry, job: null };
}

function notAttempted(systemId: string, obstacle: Obstacle): Problem {
  const retryAfterSeconds = obstacle.kind === 'earlierFailure' ? obstacle.problem.retryAfterSeconds : null;
  return createProblem('NOT_ATTEMPTED', `Not sent to ${systemId}: ${describeObstacle(obstacle)}`, retryAfterSeconds);
}

function describeObstacle(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'timeIsUp':
      return "the operation's time was up.";
    case 'auditUnavailable':
      return "the audit can't be written.";
    case 'earlierFailure':
      return `an earlier request of this batch failed. ${obstacle.problem.message}`;
  }
}
