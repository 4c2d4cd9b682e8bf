import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { inject } from 'vitest';
import { getToken, password, username } from './start.ts';

/** A run as Airflow shows it. */
export interface Run {
  dag_id: string;
  dag_run_id: string;
  state: string;
  note: string | null;
  conf: unknown;
  logical_date: string | null;
  start_date: string | null;
  end_date: string | null;
}

export interface RealClient {
  url: string;
  tokens: Record<'user' | 'viewer', string>;
  /** Sends a request as a user who may change runs. Throws for any other status than 2xx. */
  // biome-ignore lint/suspicious/noExplicitAny: as Airflow sends it
  request(method: string, path: string, body?: unknown): Promise<any>;
  /** Starts a run, and returns its ID in Jobyard. */
  trigger(dagId: string, conf?: object): Promise<string>;
  /** One after another: Airflow gives runs that are requested together the same time, of which few fit on a page here. */
  triggerMany(dagId: string, count: number): Promise<string[]>;
  get(vendorId: string): Promise<Run>;
  /** The response as text, with its numbers as Airflow writes them. */
  readText(vendorId: string): Promise<string>;
  patch(vendorId: string, body: object): Promise<Run>;
  /** Resolves once the run has this state. */
  untilState(vendorId: string, state: string): Promise<Run>;
  /** Resolves once a task of the run has this state. */
  untilTask(vendorId: string, taskId: string, state: string): Promise<void>;
}

/** Why there is no real Airflow in this run of the tests; null: there is one. */
export const whyNot: string | null =
  inject('airflowUrl') === null
    ? 'JOBYARD_AIRFLOW is not set: it is the folder of a Python environment with the packages of test/real/airflow/requirements.txt'
    : null;

/** The slowest: a worker starts a Python process for each task. */
const patienceMs = 60_000;

export async function connectToAirflow(): Promise<RealClient> {
  const url = inject('airflowUrl') ?? '';
  const tokens = { user: await getToken(url, username, password), viewer: await getToken(url, 'viewer', 'only-looking') };
  const request: RealClient['request'] = async (method, path, body) => {
    const response = await fetch(`${url}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens.user}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const pathOf = (vendorId: string): string => {
    const [dagId = '', runId = ''] = vendorId.split('/').map(encodeURIComponent);
    return `/dags/${dagId}/dagRuns/${runId}`;
  };
  const get = (vendorId: string): Promise<Run> => request('GET', pathOf(vendorId));
  const trigger: RealClient['trigger'] = async (dagId, conf = {}) => {
    const run: Run = await request('POST', `/dags/${dagId}/dagRuns`, { logical_date: null, dag_run_id: `test__${randomUUID()}`, conf });
    return `${run.dag_id}/${run.dag_run_id}`;
  };
  return {
    url,
    tokens,
    request,
    get,
    trigger,
    async triggerMany(dagId, count) {
      const ids: string[] = [];
      while (ids.length < count) ids.push(await trigger(dagId));
      return ids;
    },
    async readText(vendorId) {
      const headers = { authorization: `Bearer ${tokens.user}` };
      return (await fetch(`${url}/api/v2${pathOf(vendorId)}`, { headers })).text();
    },
    patch: (vendorId, body) => request('PATCH', pathOf(vendorId), body),
    untilState: (vendorId, state) =>
      until(`${vendorId} is ${state}`, async () => {
        const run = await get(vendorId);
        return run.state === state ? run : null;
      }),
    async untilTask(vendorId, taskId, state) {
      await until(`${taskId} of ${vendorId} is ${state}`, async () => {
        const { task_instances: tasks } = await request('GET', `${pathOf(vendorId)}/taskInstances`);
        return tasks.some((task: { task_id: string; state: string }) => task.task_id === taskId && task.state === state) ? true : null;
      });
    },
  };
}

/** Polls, as Airflow tells nobody when something happens. */
export async function until<Value>(what: string, look: () => Promise<Value | null>): Promise<Value> {
  const endMs = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > endMs) throw new Error(`Waited ${patienceMs / 1000} s in vain: ${what}`);
    await delay(200);
  }
}
