import type { CallContext } from '../../../jobs/adapter.ts';
import type { Job, JobLink, JobStatus, JobStep } from '../../../jobs/job.ts';
import { createProblem, fail, type Problem, type Result, succeed } from '../../../jobs/problem.ts';
import { isText } from '../../../transport/optional-field.ts';
import { toResult } from '../../../transport/reply.ts';
import type { Calls } from './calls.ts';
import { firstLine } from './errors.ts';
import { statuses, toDate, toFinish, toSeconds } from './map.ts';
import { type KylinStep, stepSchema } from './wire.ts';

/** The steps of one job. Null: Kylin was unable to read its own record of them. */
export async function getSteps(
  { systemId, calls }: { systemId: string; calls: Calls },
  { vendorId, scope: project }: Job,
  call: CallContext,
): Promise<Result<JobStep[] | null>> {
  if (project === null) return fail(missingProject(systemId));
  const steps = toResult(await calls.getSteps(vendorId, project, call));
  return steps.ok ? succeed(steps.value ? toSteps(steps.value) : null) : steps;
}

/** Kylin reads steps and their logs by project. */
export function missingProject(systemId: string): Problem {
  const message = `${systemId} did not return the job's project, which it requires to show steps and logs. Read the job again.`;
  return createProblem('INVALID_VENDOR_RESPONSE', message);
}

const stepStatuses: ReadonlyMap<string, JobStatus> = new Map([...statuses, ['SKIP', 'SUCCEEDED'], ['WARNING', 'SUCCEEDED']]);

function toStepStatus(word: string | null | undefined): JobStatus {
  return stepStatuses.get(word ?? '') ?? 'UNKNOWN';
}

/** The readable steps, with their stages as substeps. A step without an ID is left out. */
export function toSteps(rows: readonly unknown[]): JobStep[] {
  return readSteps(rows).map((step) => {
    const failure = toFailure(step);
    // Kylin describes the failure of a stage in its step.
    const explain = (stage: JobStep): JobStep =>
      stage.id === step.failed_step_id && stage.message === null ? { ...stage, ...failure } : stage;
    const stages = readSteps(step.sub_stages ?? []).map((stage) => ({ ...toStepFields(stage), ...toFailure(stage), substeps: [] }));
    return { ...toStepFields(step), ...failure, substeps: stages.map(explain) };
  });
}

function readSteps(rows: readonly unknown[]): KylinStep[] {
  return rows.flatMap((row) => stepSchema.safeParse(row).data ?? []);
}

function toStepFields(step: KylinStep): Omit<JobStep, 'message' | 'failureCode' | 'advice' | 'substeps'> {
  const status = toStepStatus(step.step_status);
  const startedAt = toDate(step.exec_start_time);
  return {
    id: step.id,
    name: step.name || step.id,
    status,
    vendorStatus: step.step_status ?? null,
    startedAt,
    finishedAt: toFinish(status, step.exec_end_time),
    durationSeconds: startedAt === null ? null : toSeconds(step.duration),
    waitSeconds: toSeconds(step.wait_time),
    links: toLinks(step.info ?? {}),
  };
}

function toFailure(step: KylinStep): Pick<JobStep, 'message' | 'failureCode' | 'advice'> {
  const code = (step.failed_code ?? '').trim();
  return {
    message: firstLine(step.failed_msg || step.failed_reason || '') || null,
    // `KE-030001004(Out of Memory):`
    failureCode: /^KE-\d{9}/.exec(code)?.[0] ?? (firstLine(code) || null),
    advice: firstLine(step.failed_resolve ?? '') || null,
  };
}

/** Titles of the links in `info`, by Kylin's names (ExecutableConstants). */
const linkTitles: ReadonlyMap<string, string> = new Map([
  ['yarn_application_tracking_url', 'YARN application'],
  ['spark_history_application_tracking_url', 'Spark history'],
]);

/** The web pages that `info` links to. */
function toLinks(info: Readonly<Record<string, unknown>>): JobLink[] {
  return Object.entries(info).flatMap(([name, value]) =>
    isText(value) && /^https?:\/\//i.test(value) ? [{ title: linkTitles.get(name) ?? name, url: value }] : [],
  );
}
