/** The scheduler's own states (Kylin ExecutableState). Callers see them through `publicStatusOf`. */
export type InternalState =
  | 'READY'
  | 'PENDING'
  | 'RUNNING'
  | 'ERROR'
  | 'PAUSED'
  | 'DISCARDED'
  | 'SUCCEED'
  | 'SUICIDAL'
  | 'SKIP'
  | 'WARNING';

/** In the order in which Kylin lists them in its texts. */
export const jobActions = ['RESUME', 'DISCARD', 'PAUSE', 'RESTART'] as const;
export type JobAction = (typeof jobActions)[number];

/** A row of Kylin's job table. Times are epoch milliseconds, 0: not yet. */
export interface Job {
  id: string;
  /** The row's number: the order of the jobs in the database. */
  row: number;
  project: string;
  type: string;
  state: InternalState;
  submitter: string;
  /** The name of the model or table that the job builds. */
  subject: string;
  /** The model's ID; a table's name for jobs on tables. */
  model: string;
  /** Whether what the job builds is still there and usable. */
  target: 'present' | 'broken' | 'deleted';
  segments: string[];
  /** What `segments` shows for each of them; null: `segments` is null. */
  segmentStatus: string | null;
  /** Digits: they can exceed a JavaScript number. */
  dataRangeStart: string;
  dataRangeEnd: string;
  snapshotDataRange: string | null;
  tag: unknown;
  discardSafety: boolean;
  schedulerMode: 'CHAIN' | 'DAG';
  indexCount: number;
  createTime: number;
  /** First start; kept by pause and resume. */
  startTime: number;
  endTime: number;
  /** When the present run began. */
  runningSince: number;
  /** Running time of earlier runs. */
  ranMs: number;
  lastModified: number;
  /** The running time of the whole job. */
  runMs: number;
  /** What stops its next run before that, after this much running time in all; null: it succeeds. */
  mishap: { state: 'ERROR' | 'SUICIDAL' | 'DISCARDED' | 'PAUSED'; afterMs: number } | null;
  /** The node of the job; null: none. */
  node: string | null;
  /** Fields of its rows as given here, including null, instead of as documented: `{ job_name: 7 }`. */
  odd: Readonly<Record<string, unknown>>;
}

/** What a caller may name in `statuses` (Kylin JobStatusEnum), and the actions allowed in each. */
const allowedActions = new Map<string, readonly JobAction[]>([
  ['NEW', jobActions],
  ['PENDING', ['DISCARD', 'PAUSE']],
  ['RUNNING', ['DISCARD', 'PAUSE', 'RESTART']],
  ['FINISHED', []],
  ['ERROR', ['RESUME', 'DISCARD', 'RESTART']],
  ['DISCARDED', []],
  ['STOPPED', ['RESUME', 'DISCARD', 'RESTART']],
  ['SUICIDAL', []],
  ['STARTING', []],
  ['STOPPING', []],
  ['LAUNCHING_ERROR', ['RESUME', 'DISCARD', 'RESTART']],
  ['SKIP', []],
  ['WARNING', []],
]);

/** Undefined: not the name of a status. */
export function actionsAllowedIn(publicStatus: string): readonly JobAction[] | undefined {
  return allowedActions.get(publicStatus);
}

/** The states that a status in a filter means. WARNING and the three statuses of streaming jobs mean none: Kylin then fails. */
const statesByStatus = new Map<string, readonly InternalState[]>([
  ['NEW', ['READY']],
  ['PENDING', ['READY', 'PENDING']],
  ['RUNNING', ['RUNNING']],
  ['ERROR', ['ERROR']],
  ['FINISHED', ['SUCCEED']],
  ['STOPPED', ['PAUSED']],
  ['SUICIDAL', ['SUICIDAL']],
  ['DISCARDED', ['SUICIDAL', 'DISCARDED']],
  ['SKIP', ['SKIP']],
]);

/** Undefined: Kylin can't translate this status. */
export function statesOf(publicStatus: string): readonly InternalState[] | undefined {
  return statesByStatus.get(publicStatus);
}

const publicStatuses: Record<InternalState, string> = {
  READY: 'PENDING',
  PENDING: 'PENDING',
  RUNNING: 'RUNNING',
  ERROR: 'ERROR',
  PAUSED: 'STOPPED',
  DISCARDED: 'DISCARDED',
  SUCCEED: 'FINISHED',
  SUICIDAL: 'DISCARDED',
  SKIP: 'SKIP',
  WARNING: 'WARNING',
};

export function publicStatusOf(state: InternalState): string {
  return publicStatuses[state];
}

const nextStates: Record<InternalState, readonly InternalState[]> = {
  READY: ['PENDING', 'PAUSED', 'DISCARDED', 'SUICIDAL'],
  PENDING: ['READY', 'RUNNING', 'ERROR', 'DISCARDED', 'SUICIDAL', 'PAUSED'],
  RUNNING: ['READY', 'SUCCEED', 'DISCARDED', 'ERROR', 'SUICIDAL', 'PAUSED', 'SKIP', 'WARNING'],
  PAUSED: ['DISCARDED', 'SUICIDAL', 'READY'],
  ERROR: ['DISCARDED', 'SUICIDAL', 'READY'],
  SUCCEED: ['READY'],
  DISCARDED: [],
  SUICIDAL: [],
  SKIP: [],
  WARNING: [],
};

export function canMove(from: InternalState, to: InternalState): boolean {
  return from === to || nextStates[from].includes(to);
}

export function isWaiting(state: InternalState): boolean {
  return state === 'READY' || state === 'PENDING';
}

export function isUnderway(state: InternalState): boolean {
  return state === 'RUNNING' || isWaiting(state);
}

/** SUCCEED, DISCARDED and SUICIDAL: only these can't be restarted, and only these can be deleted. */
export function isFinal(state: InternalState): boolean {
  return state === 'SUCCEED' || state === 'DISCARDED' || state === 'SUICIDAL';
}

/** Puts a job into another state, with Kylin's time stamps for it. The caller has checked `canMove`. */
export function moveJob(job: Job, to: InternalState, nowMs: number): void {
  const from = job.state;
  job.state = to;
  job.lastModified = nowMs;
  if (from === to) return;
  if (from === 'RUNNING') {
    job.endTime = nowMs;
    job.ranMs += nowMs - job.runningSince;
  } else if (to === 'RUNNING') {
    job.startTime ||= nowMs;
    job.endTime = 0;
    job.runningSince = nowMs;
  } else if (to === 'DISCARDED' || to === 'SUICIDAL') {
    job.startTime ||= nowMs;
    job.endTime = nowMs;
  }
}

/** Running time up to `nowMs`, over all runs. */
export function durationOf(job: Job, nowMs: number): number {
  return job.ranMs + (job.state === 'RUNNING' ? nowMs - job.runningSince : 0);
}

/** Time from creation to the first start, still growing for a job that never started. */
export function waitTimeOf(job: Job, nowMs: number): number {
  return Math.max(0, (job.startTime || nowMs) - job.createTime);
}
