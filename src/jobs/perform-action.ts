import type { ActionAnswer, ActionTarget, Call } from './adapter.ts';
import { chunk, mapConcurrently } from './concurrency.ts';
import { actionNotSupported, doubtAction } from './eligibility.ts';
import type { Job, JobAction } from './job.ts';
import { createProblem, type Problem } from './problem.ts';
import type { JobRead } from './reader.ts';
import { type ActionResult, failedBeforeSending, jobNotFound, needsReread, settleAction, settleBeforehand } from './settle-action.ts';
import type { JobSystem } from './system.ts';

export interface PerformOptions {
  /** Check everything, send nothing. */
  dryRun: boolean;
  /** Told when a request for the action is put on a connection. A throw keeps it from being sent. */
  onSend?: (vendorIds: readonly string[]) => void;
}

/**
 * Takes an action on jobs of one system and finds out, job by job, what came of it. Each id once; results by id.
 * Nothing is sent twice, except the innocent of a request that was refused as a whole: those once more.
 */
export async function performAction(
  system: JobSystem,
  action: JobAction,
  vendorIds: readonly string[],
  options: PerformOptions,
  call: Call,
): Promise<Map<string, ActionResult>> {
  const { adapter } = system;
  const support = adapter.actions[action];
  const results = new Map<string, ActionResult>();

  if (support.support === 'UNSUPPORTED') {
    const problem = actionNotSupported(action, system.id);
    for (const id of vendorIds) results.set(id, { kind: 'notAllowed', problem, job: null });
    return results;
  }

  let targets: ActionTarget[] = vendorIds.map((vendorId) => ({ vendorId, job: null }));
  if (support.readsFirst || options.dryRun) {
    targets = [];
    const reads = await system.reader.readFresh(vendorIds, call);
    vendorIds.forEach((vendorId, index) => {
      const decided = decideBeforehand(system, action, reads[index] as JobRead);
      if (decided.kind === 'send') targets.push({ vendorId, job: decided.job });
      else results.set(vendorId, decided);
    });
  }
  if (options.dryRun) {
    for (const { vendorId, job } of targets) {
      results.set(vendorId, { kind: 'succeeded', how: 'DRY_RUN', job, doubt: job && doubtAction(adapter, action, job) });
    }
    return results;
  }

  const sending: Sending = { system, action, results, call, onSend: options.onSend, stoppedBy: null, isLast: false };
  const again = await sendAndSettle(sending, groupTargets(system, action, targets));
  // A second request for several only where the first one's culprits were found and left out; otherwise each alone.
  const alone = again.filter((group) => !group.reduced).flatMap((group) => group.targets.map((target) => [target]));
  const together = again.filter((group) => group.reduced).map((group) => group.targets);
  sending.isLast = true;
  await sendAndSettle(sending, [...together, ...alone]);
  return results;
}

function decideBeforehand(system: JobSystem, action: JobAction, read: JobRead): ActionResult | { kind: 'send'; job: Job } {
  if (read.kind === 'absent') return { kind: 'notFound', problem: jobNotFound(system.id) };
  if (read.kind === 'problem') return failedBeforeSending(read.problem);
  return settleBeforehand(system.adapter, action, read.job) ?? { kind: 'send', job: read.job };
}

/** The requests to make: at most `requestSize` jobs each, and only jobs that can share one. */
function groupTargets(system: JobSystem, action: JobAction, targets: ActionTarget[]): (readonly ActionTarget[])[] {
  const { batchKey, requestSize } = system.adapter.actions[action];
  if (!batchKey) return chunk(targets, requestSize);
  const groups = Map.groupBy(targets, ({ job }) => (job ? batchKey(job) : ''));
  return [...groups.values()].flatMap((group) => chunk(group, requestSize));
}

interface Sending {
  system: JobSystem;
  action: JobAction;
  /** Filled as jobs are settled. */
  results: Map<string, ActionResult>;
  call: Call;
  onSend: PerformOptions['onSend'];
  /** Why nothing more is sent; kept from the first sending to the second. */
  stoppedBy: Problem | null;
  /** Nothing is sent again after this. */
  isLast: boolean;
}

/**
 * Sends the groups and settles what can be settled.
 * Returns the groups that were refused as a whole, without the jobs that turned out to be settled.
 */
async function sendAndSettle(
  sending: Sending,
  groups: readonly (readonly ActionTarget[])[],
): Promise<{ targets: ActionTarget[]; reduced: boolean }[]> {
  if (groups.length === 0) return [];
  const { system, action, results, call } = sending;
  const { adapter, id: systemId } = system;
  const support = adapter.actions[action];
  const attemptedAt = new Date();

  const answers = await mapConcurrently(groups, system.concurrency, async (group): Promise<ActionAnswer[]> => {
    const obstacle = sending.stoppedBy ?? (call.signal.aborted ? timeIsUp : null);
    if (obstacle) return group.map(() => ({ kind: 'notSent', problem: notAttempted(systemId, obstacle) }));
    const groupAnswers = await adapter.act(action, group, { ...call, beforeSend: () => announce(sending, group) });
    const failed = groupAnswers.find((answer) => answer.kind === 'notSent');
    if (failed?.kind === 'notSent' && sending.stoppedBy !== auditFailed) sending.stoppedBy = failed.problem;
    return groupAnswers;
  });

  const open: string[] = [];
  groups.forEach((group, groupIndex) => {
    group.forEach(({ vendorId, job }, index) => {
      const answer = answers[groupIndex]?.[index] as ActionAnswer;
      if (needsReread({ systemId, adapter, action, before: job, answer })) open.push(vendorId);
    });
  });
  const rereads = open.length > 0 ? await system.reader.readFresh(open, call) : [];
  const afterById = new Map(open.map((vendorId, index) => [vendorId, rereads[index] as JobRead]));

  const again: { targets: ActionTarget[]; reduced: boolean }[] = [];
  groups.forEach((group, groupIndex) => {
    const unsettled: ActionTarget[] = [];
    group.forEach((target, index) => {
      const { vendorId, job: before } = target;
      const answer = answers[groupIndex]?.[index] as ActionAnswer;
      const after = afterById.get(vendorId) ?? null;
      const result = settleAction({ systemId, adapter, action, before, answer, after, attemptedAt });
      // The vendor's reason for the whole is all that is known: this job may have nothing to do with it.
      const mayBeInnocent = answer.kind === 'refusedTogether' && 'problem' in result && result.problem === answer.problem;
      if (mayBeInnocent && after?.kind === 'job' && !sending.isLast) {
        unsettled.push({ vendorId, job: after.job });
        return;
      }
      results.set(vendorId, sending.isLast && result.kind === 'notAttempted' ? notOnceMore(result.problem) : result);
      if (answer.kind === 'accepted' && support.acceptedState) system.reader.noteState(vendorId, support.acceptedState, call);
    });
    if (unsettled.length > 0) again.push({ targets: unsettled, reduced: unsettled.length < group.length });
  });
  return again;
}

/** Tells the audit what is being sent. A problem where it can't keep that: then nothing is sent. */
function announce(sending: Sending, group: readonly ActionTarget[]): Problem | null {
  try {
    sending.onSend?.(group.map(({ vendorId }) => vendorId));
    return null;
  } catch {
    sending.stoppedBy = auditFailed;
    return notAttempted(sending.system.id, auditFailed);
  }
}

/** It did reach the vendor, in a request that was refused as a whole: NotAttempted would not be true. */
function notOnceMore({ message, retryAfterSeconds }: Problem): ActionResult {
  const problem = createProblem(
    'SYSTEM_UNAVAILABLE',
    `Refused together with other jobs, which changed nothing; then: ${message}`,
    retryAfterSeconds,
  );
  return { kind: 'unavailable', problem };
}

const auditFailed = createProblem('NOT_ATTEMPTED', "the audit can't be written.");
const timeIsUp = createProblem('NOT_ATTEMPTED', "the operation's time was up.");

function notAttempted(systemId: string, obstacle: Problem): Problem {
  const isOwn = obstacle === timeIsUp || obstacle === auditFailed;
  const message = `Not sent to ${systemId}: ${isOwn ? obstacle.message : `an earlier request of this batch failed. ${obstacle.message}`}`;
  return createProblem('NOT_ATTEMPTED', message, obstacle.retryAfterSeconds);
}
