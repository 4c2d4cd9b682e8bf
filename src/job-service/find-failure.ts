import type { JobFailure, JobStep } from '../jobs/job.ts';

/** The failure from the message of the last failed step or its last failed substep; null if there is none. */
export function findFailure(steps: readonly JobStep[]): JobFailure | null {
  const failed = findExplained(steps);
  if (!failed) return null;
  const step = findExplained(failed.substeps) ?? failed;
  return { message: step.message, code: step.failureCode, advice: step.advice, step };
}

/** The last failed step with a message. A step that has not failed may have a message, too (a warning), which counts only if no failed step has one. */
function findExplained(steps: readonly JobStep[]): (JobStep & { message: string }) | undefined {
  const explained = steps.filter(explainsFailure);
  return explained.findLast(({ status }) => status === 'FAILED') ?? explained.at(-1);
}

function explainsFailure(step: JobStep): step is JobStep & { message: string } {
  return step.message !== null;
}
