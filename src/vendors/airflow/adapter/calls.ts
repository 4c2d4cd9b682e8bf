import type { z } from 'zod';
import type { CallContext } from '../../../jobs/adapter.ts';
import { parseExactly } from '../../../json/parse.ts';
import { readJson } from '../../../transport/exchange.ts';
import type { HttpRequest, HttpResult } from '../../../transport/http-request.ts';
import { type Reply as TransportReply, toFailed } from '../../../transport/reply.ts';
import type { SystemSettings } from '../../vendor.ts';
import { describeError, describeUnexpected, type RejectionDetails } from './errors.ts';
import type { RunId } from './job-id.ts';
import { createSender } from './send.ts';
import type { AirflowSettings } from './settings.ts';
import {
  type Dag,
  dagListSchema,
  dagSchema,
  type Log,
  logSchema,
  type RunList,
  type RunRow,
  runListSchema,
  runSchema,
  type Task,
  type TaskList,
  taskListSchema,
  taskSchema,
  type Xcom,
  type XcomEntry,
  type XcomList,
  xcomListSchema,
  xcomSchema,
} from './wire.ts';

/** The reply to a request. */
export type Reply<T> = TransportReply<T, RejectionDetails>;

type TimeBound = 'runAfterFrom' | 'runAfterTo' | 'endFrom' | 'endTo';

/** A page of the runs. Conditions of different kinds must all be met. Null: no condition. */
export interface ListRequest {
  /** The DAGs, at least one: Airflow takes an empty list for all. Null: all that the account can see. */
  dagIds: readonly string[] | null;
  /** Airflow's words; Airflow rejects an unknown one. */
  states: readonly string[] | null;
  /** Airflow's words; Airflow rejects an unknown one. Only possible without `dagIds`. */
  types: readonly string[] | null;
  /** RFC 3339 with a zone: without one, Airflow fails. Inclusive. */
  runAfterFrom: string | null;
  /** The same. */
  runAfterTo: string | null;
  /** The same. Runs that haven't ended count as if they ended now. */
  endFrom: string | null;
  /** The same. */
  endTo: string | null;
  sortBy: 'run_after' | 'id';
  descending: boolean;
  /** The number of the first row, counted from 0. */
  offset: number;
  /** Newer servers silently reduce it. */
  limit: number;
}

/** A page of a run's tasks. */
export interface TaskRequest {
  /** Airflow's words. Null: all. */
  states: readonly string[] | null;
  offset: number;
  limit: number;
}

/** The endpoints that the adapter uses. */
export interface Calls {
  listRuns(request: ListRequest, call: CallContext): Promise<Reply<RunList>>;
  getRun(id: RunId, call: CallContext): Promise<Reply<RunRow>>;
  /** The run, and its `conf` for another one. */
  getRunWithConf(id: RunId, call: CallContext): Promise<Reply<RunWithConf>>;
  /** Creates a run. Airflow has a run with this ID afterwards if it accepts it, and before if the rejection `isDuplicate`. */
  triggerRun(id: RunId, fields: TriggerFields, call: CallContext): Promise<Reply<RunRow>>;
  /** Marks a run as failed, whatever its state is, and replaces its note. `note`: null leaves it unchanged. */
  failRun(id: RunId, note: string | null, call: CallContext): Promise<Reply<RunRow>>;
  /** Runs tasks again: all, or only those that failed or did not run because of them. */
  clearRun(id: RunId, which: 'all' | 'failed', call: CallContext): Promise<Reply<RunRow>>;
  listTasks(id: RunId, request: TaskRequest, call: CallContext): Promise<Reply<TaskList>>;
  getTask(id: RunId, task: Pick<TaskTry, 'taskId' | 'mapIndex'>, call: CallContext): Promise<Reply<Task>>;
  /** The log of one try of a task, from a token on; null: from its start. */
  getLog(id: RunId, task: TaskTry, token: string | null, call: CallContext): Promise<Reply<Log>>;
  getDag(dagId: string, call: CallContext): Promise<Reply<Dag>>;
  /** The first XComs of all tasks, without their values. */
  listXcoms(id: RunId, limit: number, call: CallContext): Promise<Reply<XcomList>>;
  getXcom(id: RunId, entry: XcomEntry, call: CallContext): Promise<Reply<Xcom>>;
  /** Reads one DAG, if there is any. */
  probe(call: CallContext): Promise<Reply<unknown>>;
  close(): Promise<void>;
}

export interface RunWithConf {
  run: RunRow;
  /** Null: the run has none. `kind` large: more than Jobyard can repeat without a change. */
  conf: { kind: 'exact'; value: unknown } | { kind: 'large' } | null;
}

export interface TriggerFields {
  /** As `getRunWithConf` returns it. Null: none. */
  conf: unknown;
  /** Null: none. */
  note: string | null;
}

export interface TaskTry {
  taskId: string;
  mapIndex: number;
  tryNumber: number;
}

const api = '/api/v2';
const json = { 'content-type': 'application/json' };

export function createCalls(system: SystemSettings, settings: AirflowSettings): Calls {
  const sender = createSender(system, settings);

  const send = async <T>(request: HttpRequest, schema: z.ZodType<T>, call: CallContext): Promise<Reply<T>> => {
    return toReply(request, schema, await sender.send(request, call));
  };
  const toReply = <T>({ purpose }: HttpRequest, schema: z.ZodType<T>, answer: HttpResult): Reply<T> => {
    if (!answer.answered) return toFailed(answer);
    if (answer.status !== 200) return describeError(system.id, answer, purpose);
    const body = schema.safeParse(readJson(answer));
    return body.success ? { kind: 'value', value: body.data } : describeUnexpected(system.id, answer);
  };
  const post = (path: string, body: unknown, purpose: HttpRequest['purpose']): HttpRequest => ({
    method: 'POST',
    path,
    headers: json,
    body: JSON.stringify(body),
    purpose,
  });

  return {
    listRuns(request, call) {
      if (request.dagIds) return send(post(`${api}/dags/~/dagRuns/list`, toListBody(request), 'read'), runListSchema, call);
      return send({ method: 'GET', path: `${api}/dags/~/dagRuns?${toListQuery(request)}`, purpose: 'read' }, runListSchema, call);
    },
    getRun: (id, call) => send({ method: 'GET', path: pathOf(id), purpose: 'read' }, runSchema, call),
    async getRunWithConf(id, call) {
      const request: HttpRequest = { method: 'GET', path: pathOf(id), purpose: 'read' };
      const answer = await sender.send(request, call);
      const reply = toReply(request, runSchema, answer);
      return reply.kind === 'value' ? { kind: 'value', value: { run: reply.value, conf: confOf(reply.value, answer) } } : reply;
    },
    triggerRun({ dagId, runId }, fields, call) {
      const path = `${api}/dags/${encodeURIComponent(dagId)}/dagRuns`;
      return send(post(path, toTriggerBody(runId, fields), 'action'), runSchema, call);
    },
    failRun(id, note, call) {
      const body = JSON.stringify({ state: 'failed', ...(note !== null && { note }) });
      return send({ method: 'PATCH', path: pathOf(id), headers: json, body, purpose: 'action' }, runSchema, call);
    },
    clearRun: (id, which, call) => send(post(`${pathOf(id)}/clear`, toClearBody(which), 'action'), runSchema, call),
    listTasks: (id, request, call) =>
      send({ method: 'GET', path: `${pathOf(id)}/taskInstances?${toTaskQuery(request)}`, purpose: 'read' }, taskListSchema, call),
    getTask(id, { taskId, mapIndex }, call) {
      const index = mapIndex < 0 ? '' : `/${mapIndex}`;
      return send(
        { method: 'GET', path: `${pathOf(id)}/taskInstances/${encodeURIComponent(taskId)}${index}`, purpose: 'read' },
        taskSchema,
        call,
      );
    },
    getLog(id, { taskId, mapIndex, tryNumber }, token, call) {
      const query = new URLSearchParams({ map_index: String(mapIndex), full_content: 'true', ...(token !== null && { token }) });
      const path = `${pathOf(id)}/taskInstances/${encodeURIComponent(taskId)}/logs/${tryNumber}?${query}`;
      return send({ method: 'GET', path, purpose: 'read' }, logSchema, call);
    },
    getDag: (dagId, call) => send({ method: 'GET', path: `${api}/dags/${encodeURIComponent(dagId)}`, purpose: 'read' }, dagSchema, call),
    listXcoms(id, limit, call) {
      const path = `${pathOf(id)}/taskInstances/~/xcomEntries?limit=${limit}`;
      return send({ method: 'GET', path, purpose: 'read' }, xcomListSchema, call);
    },
    getXcom(id, { key, task_id: taskId, map_index: mapIndex }, call) {
      const path = `${pathOf(id)}/taskInstances/${encodeURIComponent(taskId)}/xcomEntries/${encodeURIComponent(key)}?map_index=${mapIndex ?? -1}`;
      return send({ method: 'GET', path, purpose: 'read' }, xcomSchema, call);
    },
    probe: (call) => send({ method: 'GET', path: `${api}/dags?limit=1`, purpose: 'read' }, dagListSchema, call),
    close: () => sender.close(),
  };
}

function pathOf({ dagId, runId }: RunId): string {
  return `${api}/dags/${encodeURIComponent(dagId)}/dagRuns/${encodeURIComponent(runId)}`;
}

function toListQuery({ states, types, sortBy, descending, offset, limit, ...ranges }: ListRequest): URLSearchParams {
  // Airflow adds the primary key in the same direction, so the order is total.
  const query = new URLSearchParams({ order_by: `${descending ? '-' : ''}${sortBy}`, limit: String(limit), offset: String(offset) });
  // Repeated: a list with commas is one unknown value.
  for (const state of states ?? []) query.append('state', state);
  for (const type of types ?? []) query.append('run_type', type);
  for (const [name, time] of boundsOf(ranges)) query.append(name, time);
  return query;
}

/** Only fields of Airflow 3.0: it rejects unknown ones. */
function toListBody({ dagIds, states, sortBy, descending, offset, limit, ...ranges }: ListRequest): object {
  return {
    dag_ids: dagIds,
    ...(states && { states }),
    ...Object.fromEntries(boundsOf(ranges)),
    order_by: `${descending ? '-' : ''}${sortBy}`,
    page_offset: offset,
    page_limit: limit,
  };
}

/** Airflow's parameters for the times that are limited. */
function boundsOf({ runAfterFrom, runAfterTo, endFrom, endTo }: Pick<ListRequest, TimeBound>): [name: string, time: string][] {
  const bounds = { run_after_gte: runAfterFrom, run_after_lte: runAfterTo, end_date_gte: endFrom, end_date_lte: endTo };
  return Object.entries(bounds).flatMap(([name, time]): [string, string][] => (time === null ? [] : [[name, time]]));
}

/** The parsed response has other numbers than its text: without their decimals, or as strings. */
function confOf({ conf }: RunRow, answer: HttpResult): RunWithConf['conf'] {
  if (conf === null || conf === undefined) return null;
  if (!answer.answered || answer.large) return { kind: 'large' };
  const { conf: value } = runSchema.parse(parseExactly(answer.text));
  return { kind: 'exact', value };
}

/** Only fields of Airflow 3.0. It requires a logical date, which may be null: two runs can't have the same one. */
function toTriggerBody(runId: string, { conf, note }: TriggerFields): object {
  return { dag_run_id: runId, logical_date: null, ...(conf !== null && { conf }), ...(note !== null && { note }) };
}

/** By default, a clear changes nothing. */
function toClearBody(which: 'all' | 'failed'): object {
  return { dry_run: false, only_failed: which === 'failed' };
}

function toTaskQuery({ states, offset, limit }: TaskRequest): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit), offset: String(offset) });
  for (const state of states ?? []) query.append('state', state);
  return query;
}
