import { type ActionResult, notSentAgain } from './action-result.ts';
import { awaitResults } from './await-results.ts';
import type { PerformAlone, SharedRequest } from './executions.ts';
import { createExecutions, type Execution, type Executions, isElsewhere, isLeftToOthers } from './executions.ts';

/** Lets callers that request the same action on the same job of one system at the same time share one execution. */
export interface SharedActions {
  /**
   * One result per job, by vendor ID. A job on which the action is in progress joins it; `performAlone` performs the others, and those that are
   * in progress as part of a much larger request, unless that sends them first.
   * Resolves by the request's deadline, with what is known of each job by then. Rejects with what `performAlone` rejects with.
   */
  perform(request: SharedRequest, performAlone: PerformAlone): Promise<Map<string, PerformedAction>>;
}

export interface PerformedAction {
  result: ActionResult;
  /** When a vendor request that names the job was sent, of this request or of the one that it joined; null: none was. */
  sentAt: Date | null;
  /** The `actionId` of the execution that the job joined; null: this request's own. */
  sharedWith: string | null;
}

export function createSharedActions(): SharedActions {
  const executions = createExecutions();
  return {
    async perform(request, performAlone) {
      const sharing: Sharing = { executions, request, performAlone, performed: new Map(), rejected: new Map() };
      await performOn(sharing, request.vendorIds);
      return sharing.performed;
    },
  };
}

/** One request, and the results it has so far. */
interface Sharing {
  executions: Executions;
  request: SharedRequest;
  performAlone: PerformAlone;
  performed: Map<string, PerformedAction>;
  /** The request of each job that the vendor rejected because of other jobs, while another execution is to send the job again. */
  rejected: Map<string, Pick<PerformedAction, 'sentAt' | 'sharedWith'>>;
}

/** Joins the executions in progress on these jobs, and starts one for the others. */
async function performOn(sharing: Sharing, vendorIds: readonly string[]): Promise<void> {
  const { executions, request } = sharing;
  await joinOrStart(sharing, vendorIds, (id) => executions.find(request, id));
}

async function joinOrStart(
  sharing: Sharing,
  vendorIds: readonly string[],
  findExecution: (vendorId: string) => Execution | null,
): Promise<void> {
  const { executions, request, performAlone } = sharing;
  const byExecution = Map.groupBy(vendorIds, findExecution);
  await Promise.all(
    Array.from(byExecution, ([joined, ids]) => collectResults(sharing, joined ?? executions.start(request, ids, performAlone), ids)),
  );
}

/** Takes the results of an execution as they arrive. What it lost is taken from the execution that has it, and what it leaves to others is performed once more. */
async function collectResults(sharing: Sharing, execution: Execution, vendorIds: readonly string[]): Promise<void> {
  const { executions, request } = sharing;
  const elsewhere: Promise<void>[] = [];
  await awaitResults(execution, vendorIds, request, (known) => {
    const left = known.filter((id) => !takeResult(sharing, execution, id));
    if (left.length === 0) return;
    const performing = joinOrStart(sharing, left, (id) => execution.lost.get(id) ?? executions.find(request, id));
    // It is awaited later.
    performing.catch(() => {});
    elsewhere.push(performing);
  });
  await Promise.all(elsewhere);
}

/** False: the request gets the result elsewhere, or the execution left the job to it. */
function takeResult(sharing: Sharing, execution: Execution, vendorId: string): boolean {
  const { request, performed, rejected } = sharing;
  const sharedWith = execution.owner === request ? null : execution.owner.actionId;
  const sentAt = execution.sentAt.get(vendorId) ?? null;
  if (isElsewhere(execution, request, vendorId)) {
    if (sentAt) rejected.set(vendorId, { sentAt, sharedWith });
    return false;
  }
  const result = execution.results.get(vendorId) ?? request.describeUnfinished(sentAt);
  const isLeft = sharedWith !== null && isLeftToOthers(execution) && result.outcome === 'NOT_ATTEMPTED';
  if (isLeft && !request.sendSignal.aborted) return false;
  performed.set(vendorId, withFirstAttempt(sharing, vendorId, { result, sentAt, sharedWith }));
  return true;
}

/** With the rejected request of the job, if that is the only one that was sent. */
function withFirstAttempt({ rejected }: Sharing, vendorId: string, performed: PerformedAction): PerformedAction {
  const { result, sentAt } = performed;
  const first = rejected.get(vendorId);
  return first && sentAt === null && result.outcome === 'NOT_ATTEMPTED' ? { ...first, result: notSentAgain(result.problem) } : performed;
}
