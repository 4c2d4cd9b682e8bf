import type { CallContext } from '../../../jobs/adapter.ts';
import type { Job, JobStep } from '../../../jobs/job.ts';
import { type LogLine, type LogPart, type LogRequest, type LogSupport, takeLines } from '../../../jobs/job-log.ts';
import { fail, type Result, succeed } from '../../../jobs/problem.ts';
import type { Calls } from './calls.ts';
import { noOutputCode } from './errors.ts';
import { getSteps, missingProject } from './steps.ts';

interface Parts {
  systemId: string;
  calls: Calls;
}

/** Logs of steps. That of a job is made of the logs of its steps, one after another: the names of its parts are the IDs of steps. */
export function createLogs(parts: Parts): LogSupport {
  // The steps are read once for a page that has lines of several steps.
  const stepsOfCalls = new WeakMap<CallContext, ReturnType<typeof getSteps>>();
  const stepsOf = (job: Job, call: CallContext): ReturnType<typeof getSteps> => {
    const steps = stepsOfCalls.get(call) ?? getSteps(parts, job, call);
    stepsOfCalls.set(call, steps);
    return steps;
  };
  return {
    ofJobs: true,
    ofSteps: true,
    // Lines are plain text.
    hasSeverities: false,
    getPart: (job, request, call) =>
      request.stepId === null
        ? getPartOfJob(parts, stepsOf(job, call), job, request, call)
        : getPartOfStep(parts, job, request.stepId, request, call),
  };
}

async function getPartOfJob(
  parts: Parts,
  reading: ReturnType<typeof getSteps>,
  job: Job,
  request: LogRequest,
  call: CallContext,
): Promise<Result<LogPart | null>> {
  const steps = await reading;
  if (!steps.ok) return steps;
  const started = (steps.value ?? []).filter(({ startedAt }) => startedAt !== null);
  const index = Math.max(
    0,
    started.findIndex(({ id }) => id === request.at.part),
  );
  const step = started[index];
  if (!step) return succeed({ lines: [], next: request.at, hasMore: false, omission: null });
  // The log of a running step grows; later steps follow after its end.
  const nextPart = hasEnded(step) ? (started[index + 1]?.id ?? null) : null;
  const at = { part: step.id, row: request.at.row };
  const part = await getPartOfStep(parts, job, step.id, { ...request, at }, call, nextPart);
  if (!part.ok || part.value) return part;
  return succeed({ lines: [], next: nextPart === null ? at : { part: nextPart, row: 0 }, hasMore: nextPart !== null, omission: null });
}

function hasEnded({ status }: JobStep): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED';
}

/** In the place of lines that it leaves out (ExecutableManager.getSampleDataFromHDFS). */
const separator = /^={64}$/;
const sampled = "Kylin returns only the first 100 and the last 100 lines of a step's log.";

/** Null: the step has no log, such as a step that has not run, or a stage, whose lines are in the log of its step. */
async function getPartOfStep(
  { systemId, calls }: Parts,
  { vendorId: jobId, scope: project }: Job,
  stepId: string,
  request: LogRequest,
  call: CallContext,
  nextPart: string | null = null,
): Promise<Result<LogPart | null>> {
  if (/_\d+_\d+$/.test(stepId)) return succeed(null);
  if (project === null) return fail(missingProject(systemId));
  const reply = await calls.getOutput({ jobId, stepId, project }, call);
  if (reply.kind === 'rejected' && reply.vendorCode === noOutputCode) return succeed(null);
  if (reply.kind !== 'value') return fail(reply.problem);
  const output = reply.value.cmd_output ?? '';
  // What Kylin writes if it doesn't find the file with the output.
  if (output === '' || output === 'job output not found, please check kylin.log') return succeed(null);
  const rows = output.replace(/\n$/, '').split('\n');
  const omission = rows.some((row) => separator.test(row)) ? sampled : null;
  return succeed(takeLines(rows, request, (row) => (separator.test(row) ? null : toLine(row, stepId)), { nextPart, omission }));
}

/** The times and levels that lines begin with depend on how the installation configures its logs. */
function toLine(message: string, stepId: string): LogLine {
  return { loggedAt: null, severity: null, message, source: null, stepId };
}
