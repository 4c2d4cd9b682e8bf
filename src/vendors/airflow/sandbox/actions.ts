import { anyOf, readBody } from './body.ts';
import { dagNotFound, forbidden, invalid, isRejection, methodNotAllowed, type Rejection, runNotFound } from './errors.ts';
import { idOf, type Run, type Task } from './job.ts';
import { runRow, taskRow } from './render.ts';
import type { RouteParts } from './route-parts.ts';
import { isAtLeast } from './switches.ts';
import { maySee, type User } from './users.ts';

const writableStates = ['queued', 'success', 'failed'] as const;

/** The run, or why there is none. Airflow checks permissions first. */
export function findRun({ state }: RouteParts, user: User, dagId: string, runId: string): Readonly<Run> | Rejection {
  if (!maySee(user, dagId)) return forbidden;
  return state.getJob(idOf({ dagId, runId })) ?? runNotFound(dagId, runId);
}

/** PATCH /dags/{dag}/dagRuns/{run}: no state of the run prevents it. */
export function patchRun(
  parts: RouteParts,
  _user: User,
  run: Readonly<Run>,
  text: string,
  query: URLSearchParams,
): { body: unknown } | Rejection {
  const body = readBody(text, { state: anyOf.text, note: anyOf.note });
  if (isRejection(body)) return body;
  const { state: word, note } = body;
  const newState = writableStates.find((each) => each === word);
  if (word !== undefined && word !== null && !newState) {
    return invalid({ type: 'enum', loc: ['body', 'state'], msg: "Input should be 'queued', 'success' or 'failed'", input: word });
  }
  const { state, switches } = parts;
  const dag = state.dagOf(run);
  if (dag.isGone) return dagNotFound(run.dagId);
  const id = idOf(run);
  state.hooks.beforeChange?.(id);
  const mask = query.getAll('update_mask');
  const isChosen = (field: string): boolean => mask.length === 0 || mask.includes(field);
  if (newState && isChosen('state')) state.markRun(id, newState);
  if (typeof note === 'string' && isChosen('note')) state.setNote(id, note);
  return { body: runRow(run, dag, switches) };
}

/** PATCH /dags/{dag}/dagRuns, from 3.3 on. */
export function patchRuns(parts: RouteParts, user: User, dagId: string, text: string): { body: unknown } | Rejection {
  if (!isAtLeast(parts.switches, '3.3')) return methodNotAllowed;
  const body = readBody(text, { actions: anyOf.anything }, ['actions']);
  if (isRejection(body)) return body;
  const success: string[] = [];
  const errors: { error: string; status_code: number }[] = [];
  const actions = Array.isArray(body.actions) ? (body.actions as { entities?: unknown; action_on_non_existence?: unknown }[]) : [];
  for (const { entities, action_on_non_existence: onMissing = 'fail' } of actions) {
    const runs = (Array.isArray(entities) ? entities : []) as { dag_id?: string; dag_run_id?: string; state?: string; note?: string }[];
    const named = runs.map((entity) => ({ ...entity, dag_id: entity.dag_id ?? dagId, dag_run_id: entity.dag_run_id ?? '' }));
    if (named.some(({ dag_id }) => !maySee(user, dag_id))) return forbidden;
    const found = named.filter(({ dag_id, dag_run_id }) => parts.state.getJob(`${dag_id}/${dag_run_id}`));
    if (found.length < named.length && onMissing === 'fail') {
      errors.push({ error: 'The DagRuns with these identifiers were not found', status_code: 404 });
      continue;
    }
    for (const { dag_id, dag_run_id, state, note } of found) {
      const dag = parts.state.findDag(dag_id);
      if (!dag || dag.isGone) {
        errors.push({ error: `Dag with id ${dag_id} was not found`, status_code: 404 });
        break;
      }
      const newState = writableStates.find((each) => each === state);
      if (newState) parts.state.markRun(`${dag_id}/${dag_run_id}`, newState);
      if (note !== undefined) parts.state.setNote(`${dag_id}/${dag_run_id}`, note);
      success.push(`${dag_id}.${dag_run_id}`);
    }
  }
  return { body: { create: null, update: { success, errors }, delete: null } };
}

/** POST /dags/{dag}/dagRuns/{run}/clear: changes nothing, unless `dry_run` is false. */
export function clearRun(parts: RouteParts, run: Readonly<Run>, text: string): { body: unknown } | Rejection {
  const { state, switches } = parts;
  const body = readBody(text, {
    dry_run: anyOf.boolean,
    only_failed: anyOf.boolean,
    ...(isAtLeast(switches, '3.1') && { run_on_latest_version: anyOf.anything }),
    ...(isAtLeast(switches, '3.3') && { only_new: anyOf.boolean, note: anyOf.note }),
  });
  if (isRejection(body)) return body;
  const dag = state.dagOf(run);
  if (dag.isGone) return dagNotFound(run.dagId);
  const { dry_run: isDry = true, only_failed: onlyFailed = false } = body;
  const isChosen = (task: Task): boolean => !onlyFailed || task.state === 'failed' || task.state === 'upstream_failed';
  if (isDry) {
    const tasks = run.tasks.filter(isChosen);
    return { body: { task_instances: tasks.map((task) => taskRow(task, run, dag)), total_entries: tasks.length } };
  }
  state.hooks.beforeChange?.(idOf(run));
  state.clearTasks(idOf(run), run.tasks.filter(isChosen));
  if (typeof body.note === 'string') state.setNote(idOf(run), body.note);
  return { body: runRow(run, dag, switches) };
}

/** DELETE /dags/{dag}/dagRuns/{run}; from 3.3 on, not while it runs. */
export function deleteRun({ state, switches }: RouteParts, run: Readonly<Run>): { body: undefined; status: 204 } | Rejection {
  if (run.state === 'running' && isAtLeast(switches, '3.3')) {
    return {
      status: 409,
      body: { detail: `The DagRun with dag_id: \`${run.dagId}\` and run_id: \`${run.runId}\` cannot be deleted in running state` },
    };
  }
  state.removeJob(idOf(run));
  return { status: 204, body: undefined };
}
