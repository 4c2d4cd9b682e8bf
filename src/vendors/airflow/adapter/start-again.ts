import { createHash, randomUUID } from 'node:crypto';
import type { ActionResponse, CallContext } from '../../../jobs/adapter.ts';
import { createProblem, type Problem } from '../../../jobs/problem.ts';
import { toLine } from '../../../jobs/storable-text.ts';
import { toUncertain } from '../../../transport/reply.ts';
import type { Reply, RunWithConf } from './calls.ts';
import type { RunId } from './job-id.ts';
import type { Reads } from './list.ts';
import { fitLine, maxNote, type Requester } from './note-line.ts';
import { toReadResult } from './read.ts';
import type { RunRow } from './wire.ts';

/**
 * Triggers another run of a run's DAG, with the same `conf`. The new run's ID belongs to this action, so a second attempt creates no second run,
 * and a read shows whether a request without a response arrived.
 */
export async function startAgain(
  reads: Reads,
  id: RunId,
  { run, conf }: RunWithConf,
  note: string | null,
  call: CallContext,
): Promise<ActionResponse> {
  const { calls, systemId } = reads;
  if (conf?.kind === 'large') return reject(`${systemId}: the run's conf is too large to start another run with it.`);
  const newId: RunId = { dagId: id.dagId, runId: toRunId(id, call.actionKey ?? randomUUID()) };
  const reply = await calls.triggerRun(newId, { conf: conf?.value ?? null, note }, call);
  const createdVendorId = `${newId.dagId}/${newId.runId}`;
  switch (reply.kind) {
    case 'value':
      return { kind: 'accepted', job: jobOf(reads, id, run), createdVendorId };
    case 'rejected':
      // An earlier attempt at this action created it.
      if (reply.isDuplicate) return { kind: 'accepted', job: jobOf(reads, id, run), createdVendorId };
      return { kind: 'rejected', problem: describeRejection(systemId, id, reply), vendorCode: null };
    case 'failed': {
      const uncertain = toUncertain(reply);
      return uncertain.kind === 'inconclusive' ? { ...uncertain, createdVendorId } : uncertain;
    }
  }
}

/** The line that tells of a new run where it comes from. It must not begin like that of a cancellation. */
export function toStartNote({ runId }: RunId, requester: Requester): string | null {
  return fitLine(`Started through Jobyard (again after ${toLine(runId)})`, requester, maxNote);
}

/** The same for each attempt at an action on a run. Only characters that Airflow allows by default. */
function toRunId({ dagId, runId }: RunId, actionKey: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([actionKey, dagId, runId]))
    .digest('hex');
  return `jobyard__${digest.slice(0, 32)}`;
}

/** The run that the action names, which it doesn't change. */
function jobOf(reads: Reads, { dagId, runId }: RunId, run: RunRow) {
  const read = toReadResult(reads, `${dagId}/${runId}`, { kind: 'value', value: run });
  return read.kind === 'job' ? read.job : null;
}

function describeRejection(
  systemId: string,
  { dagId }: RunId,
  { problem, isAbsent }: Extract<Reply<never>, { kind: 'rejected' }>,
): Problem {
  if (!isAbsent) return problem;
  return createProblem('VENDOR_REJECTED', `${systemId} can't start the run again: Airflow no longer has its DAG, ${toLine(dagId)}.`);
}

function reject(message: string): ActionResponse {
  return { kind: 'rejected', problem: createProblem('VENDOR_REJECTED', message), vendorCode: null };
}
