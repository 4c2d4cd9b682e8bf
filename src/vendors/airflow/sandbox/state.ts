import type { Timeline } from '../../../sandbox-kit/clock.ts';
import type { Random } from '../../../sandbox-kit/random.ts';
import { createDags } from './catalog.ts';
import { completeJob } from './complete-job.ts';
import type { RaceHooks } from './hooks.ts';
import { type Dag, idOf, type Run, type RunState, type Task } from './job.ts';
import { createLifeCycle, type LifeCycle } from './life-cycle.ts';
import { createUsers, type Users } from './users.ts';

/** The runs, DAGs, and users of one Airflow, to prepare and inspect in tests. */
export interface AirflowState {
  users: Users;
  hooks: RaceHooks;
  dags(): Iterable<Readonly<Dag>>;
  findDag(dagId: string): Readonly<Dag> | undefined;
  dagOf(run: Pick<Run, 'dagId'>): Readonly<Dag>;
  addDag(dag: Dag): void;
  /** Pauses a DAG, lets it run again, breaks or removes its file, removes all that Airflow knows of it, or changes which runs it takes. */
  changeDag(dagId: string, fields: Partial<Omit<Dag, 'dagId' | 'tasks'>>): void;
  /** Adds a run and returns its ID, `dag_id/dag_run_id`. Fields that are left out suit the state; the default is a queued run of etl_orders. */
  addJob(fields?: Partial<Run>): string;
  /** The run as it truly is, for reading. */
  getJob(id: string): Readonly<Run> | undefined;
  jobs(): Iterable<Readonly<Run>>;
  jobCount(): number;
  /** Changes a run behind the API's back, without Airflow's own changes. Throws if it is missing. */
  changeJob(id: string, fields: Partial<Omit<Run, 'row' | 'dagId' | 'runId'>>): void;
  removeJob(id: string): void;
  /** PATCH: writes the state, with all that Airflow does then. */
  markRun(id: string, state: Exclude<RunState, 'running'>): void;
  /** Clear: runs these tasks again. */
  clearTasks(id: string, tasks: readonly Task[]): void;
  setNote(id: string, note: string): void;
  /** The number of processes that still work for the run, which no response shows. */
  countProcesses(id: string): number;
}

export function createState(timeline: Timeline, random: Random): AirflowState {
  const runs = new Map<string, Run>();
  const dags = new Map(createDags().map((dag) => [dag.dagId, dag]));
  let rowCount = 0;
  const dagOf = ({ dagId }: Pick<Run, 'dagId'>): Dag => {
    const dag = dags.get(dagId);
    if (!dag) throw new RangeError(`No DAG ${dagId}`);
    return dag;
  };
  const find = (id: string): Run => {
    const run = runs.get(id);
    if (!run) throw new RangeError(`No run ${id}`);
    return run;
  };
  const lifeCycle = createLifeCycle({ timeline, random, dagOf });

  return {
    users: createUsers(),
    hooks: {},
    dags: () => dags.values(),
    findDag: (dagId) => dags.get(dagId),
    dagOf,
    addDag: (dag) => void dags.set(dag.dagId, dag),
    changeDag(dagId, fields) {
      Object.assign(dagOf({ dagId }), fields);
      for (const run of runs.values()) if (run.dagId === dagId) lifeCycle.arrange(run);
    },
    addJob(fields = {}) {
      const dag = dagOf({ dagId: fields.dagId ?? 'etl_orders' });
      const run = completeJob(fields, dag, timeline.now(), rowCount, random);
      // Runs of one moment differ by a number, as those of real schedules do by their time.
      while (fields.runId === undefined && runs.has(idOf(run)))
        run.runId = `${run.type}__${random.text(12, 'abcdefghijklmnopqrstuvwxyz0123456789')}`;
      rowCount += 1;
      runs.set(idOf(run), run);
      lifeCycle.arrange(run);
      return idOf(run);
    },
    getJob: (id) => runs.get(id),
    jobs: () => runs.values(),
    jobCount: () => runs.size,
    changeJob(id, fields) {
      const run = find(id);
      Object.assign(run, fields);
      lifeCycle.arrange(run);
    },
    removeJob: (id) => void runs.delete(id),
    ...createChanges(lifeCycle, timeline, find),
  };
}

/** What callers of the API change. */
function createChanges(
  lifeCycle: LifeCycle,
  timeline: Timeline,
  find: (id: string) => Run,
): Pick<AirflowState, 'markRun' | 'clearTasks' | 'setNote' | 'countProcesses'> {
  return {
    markRun(id, state) {
      const run = find(id);
      if (state === 'failed') lifeCycle.fail(run);
      else if (state === 'success') lifeCycle.succeed(run);
      else lifeCycle.queue(run);
    },
    clearTasks: (id, tasks) => lifeCycle.clear(find(id), tasks),
    setNote(id, note) {
      const run = find(id);
      run.note = note;
      run.updatedMs = timeline.now();
    },
    countProcesses(id) {
      const nowMs = timeline.now();
      return find(id).tasks.filter(({ state, processEndsMs }) => state === 'running' || (processEndsMs !== null && processEndsMs > nowMs))
        .length;
    },
  };
}
