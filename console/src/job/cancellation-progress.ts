import type { JobDetails } from './job-data.ts';

type Cancellation = Pick<NonNullable<JobDetails['cancellation']>, 'outcome' | 'resolvedAt'>;
type JobEnd = Pick<JobDetails, 'status' | 'isTerminal' | 'finishedAt'>;

/** How far a cancellation got, as far as Jobyard knows. */
export interface CancellationProgress {
  /** False: the system may not have received it. */
  isAccepted: boolean;
  /** Null: the job hasn't ended, or that is unknown. */
  end: CancellationEnd | null;
}

export interface CancellationEnd {
  /** Null: the job has started again since. */
  status: JobDetails['status'] | null;
  at: string;
  /** Whether `at` is only the time when Jobyard observed the end. */
  isObservation: boolean;
}

export function describeProgress(cancellation: Cancellation, job: JobEnd): CancellationProgress {
  return { isAccepted: isAccepted(cancellation, job), end: describeEnd(cancellation, job) };
}

/** If the response was lost, only the job can prove that the system has the cancellation. */
function isAccepted({ outcome }: Pick<Cancellation, 'outcome'>, { status }: Pick<JobEnd, 'status'>): boolean {
  const isKnown = outcome === 'CONFIRMED' || outcome === 'ACCEPTED' || outcome === 'JOB_GONE';
  return isKnown || status === 'CANCELLING' || status === 'CANCELLED';
}

/** How far the clocks of a system and of Jobyard may differ. */
const maxSkewMs = 60_000;

function describeEnd({ resolvedAt }: Pick<Cancellation, 'resolvedAt'>, { status, isTerminal, finishedAt }: JobEnd): CancellationEnd | null {
  if (resolvedAt === null) return null;
  const observed = { at: resolvedAt, isObservation: true };
  if (!isTerminal) return { status: null, ...observed };
  if (finishedAt === null) return { status, ...observed };
  const isOfLaterRun = Date.parse(finishedAt) - Date.parse(resolvedAt) > maxSkewMs;
  return isOfLaterRun ? { status: null, ...observed } : { status, at: finishedAt, isObservation: false };
}
