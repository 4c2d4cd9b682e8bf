/** The states of a run (Airflow DagRunState). */
export const runStates = ['queued', 'running', 'success', 'failed'] as const;
export type RunState = (typeof runStates)[number];

/** The types of runs (Airflow DagRunType); the last two from 3.2 and 3.3 on. */
export const runTypes = ['backfill', 'scheduled', 'manual', 'asset_triggered', 'asset_materialization', 'operator_triggered'] as const;
export type RunType = (typeof runTypes)[number];

/** The states of a task (Airflow TaskInstanceState); null: not yet scheduled. */
export type TaskState =
  | null
  | 'scheduled'
  | 'queued'
  | 'running'
  | 'restarting'
  | 'up_for_retry'
  | 'up_for_reschedule'
  | 'deferred'
  | 'awaiting_input'
  | 'success'
  | 'failed'
  | 'skipped'
  | 'upstream_failed'
  | 'removed';

/** A task of a DAG, and how it behaves. */
export interface TaskPlan {
  taskId: string;
  operator: string;
  /** How long one try takes. */
  runMs: number;
  /** The number of instances; 0: not mapped. */
  mapped: number;
  /** A teardown task runs whatever became of the tasks before it, and a cancellation spares it. */
  isTeardown: boolean;
  /** How often a failed try is repeated. */
  retries: number;
  /** The number of tries that fail before one succeeds. */
  failures: number;
  /** Waits in the triggerer, not on a worker. */
  isDeferred: boolean;
  /** Its process ignores SIGTERM, and is killed later. */
  ignoresStop: boolean;
  /** Chosen by a branch: without the branch, it is skipped. */
  isSkipped: boolean;
}

/** A task of a run. Times are epoch milliseconds. */
export interface Task {
  /** Changes with every try. */
  uuid: string;
  plan: TaskPlan;
  /** -1: not mapped. */
  mapIndex: number;
  state: TaskState;
  tryNumber: number;
  maxTries: number;
  failuresLeft: number;
  startMs: number | null;
  endMs: number | null;
  /** When the process of its last try ends, which no response shows; null: it has none. */
  processEndsMs: number | null;
}

/** A DAG, and how its runs behave. Its tasks run one after another. */
export interface Dag {
  dagId: string;
  displayName: string;
  tasks: readonly TaskPlan[];
  owners: readonly string[];
  tags: readonly string[];
  isPaused: boolean;
  /** Its file is gone: no run of it starts, but its runs can be changed. */
  isStale: boolean;
  /** Airflow has deleted what it knew of it: its runs can be read, but not changed. */
  isGone: boolean;
  /** Its newest file can't be loaded: its runs can be changed, but nobody can trigger one. */
  hasImportErrors: boolean;
  /** From 3.2 on, a DAG can take only runs of some types. */
  takesManualRuns: boolean;
  /** The types of its parameters: settings of a run by these names must have them. */
  params: Readonly<Record<string, 'string' | 'number' | 'boolean'>>;
}

/** A run of a DAG. Times are epoch milliseconds; null: not yet. */
export interface Run {
  /** The primary key: in the order in which runs were created. */
  row: number;
  dagId: string;
  runId: string;
  state: RunState;
  type: RunType;
  runAfterMs: number;
  logicalMs: number | null;
  queuedMs: number | null;
  startMs: number | null;
  endMs: number | null;
  updatedMs: number;
  triggeredBy: string;
  user: string | null;
  conf: unknown;
  note: string | null;
  tasks: Task[];
  /** Microseconds of its times beyond their milliseconds. */
  micros: number;
  /** Nothing happens to it by itself. */
  isFrozen: boolean;
  /** Fields of its rows as given here instead of as documented: `{ state: 7 }`. */
  odd: Readonly<Record<string, unknown>>;
}

export function isEnded(state: RunState): boolean {
  return state === 'success' || state === 'failed';
}

const unfinished: ReadonlySet<TaskState> = new Set<TaskState>([
  null,
  'scheduled',
  'queued',
  'running',
  'restarting',
  'up_for_retry',
  'up_for_reschedule',
  'deferred',
  'awaiting_input',
]);

export function isUnfinished({ state }: Task): boolean {
  return unfinished.has(state);
}

/** The ID of a run in Jobyard and in the state of the sandbox. */
export function idOf({ dagId, runId }: Pick<Run, 'dagId' | 'runId'>): string {
  return `${dagId}/${runId}`;
}
