import type { JobFailure, JobStep } from '../jobs/job.ts';

/** The failure that the last failed step explains, or the last of its parts that explains one; null if none does. */
export function findFailure(steps: readonly JobStep[]): JobFailure | null {
  const failed = findExplained(steps);
  if (!failed) return null;
  const step = findExplained(failed.substeps) ?? failed;
  return { message: step.message, code: step.failureCode, advice: step.advice, step };
}

/** A step that has not failed may have a message, too: a warning. Only if no failed step has one is it taken for the reason. */
function findExplained(steps: readonly JobStep[]): (JobStep & { message: string }) | undefined {
  const explained = steps.filter(explainsFailure);
  return explained.findLast(({ status }) => status === 'FAILED') ?? explained.at(-1);
}

function explainsFailure(step: JobStep): step is JobStep & { message: string } {
  return step.message !== null;
}
