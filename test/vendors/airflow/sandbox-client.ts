import { createPlainDag } from '../../../src/vendors/airflow/sandbox/catalog.ts';
import { planTask } from '../../../src/vendors/airflow/sandbox/complete-job.ts';
import type { TaskPlan } from '../../../src/vendors/airflow/sandbox/job.ts';
import type { AirflowSwitches } from '../../../src/vendors/airflow/sandbox/switches.ts';
import { type AirflowSandbox, startSandbox } from './setup.ts';

type Response = { status: number; body: Record<string, unknown> };

/** An empty sandbox with a stopped clock, and requests to it as its user `op`. A run is named by its ID; `~` stands for all runs. */
export async function startClient(switches: Partial<AirflowSwitches> = {}) {
  const sandbox = await startSandbox(switches);
  const logIn = async (username: string, password: string): Promise<string> => {
    const response = await fetch(`${sandbox.url}/auth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };
  const tokens = { user: await logIn('op', 'night-shift'), viewer: await logIn('viewer', 'only-looking') };

  const request = async (method: string, id: string, body?: unknown, suffix = ''): Promise<Response> => {
    const [dagId = '', runId] = id.split('/');
    const path = `/api/v2/dags/${encodeURIComponent(dagId)}/dagRuns${runId === undefined ? '' : `/${encodeURIComponent(runId)}`}${suffix}`;
    const response = await fetch(sandbox.url + path, {
      method,
      headers: { authorization: `Bearer ${tokens.user}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Response['body'] };
  };
  return {
    sandbox,
    tokens,
    logIn,
    request,
    get: async (id: string) => (await request('GET', id)).body,
    patch: async (id: string, body: object) => (await request('PATCH', id, body)).body,
    // biome-ignore lint/suspicious/noExplicitAny: as Airflow sends it
    list: async (query: string): Promise<any> => (await request('GET', '~', undefined, `?${query}`)).body,
  };
}

/** Adds a DAG whose tasks run one after another. */
export function addDag(sandbox: AirflowSandbox, dagId: string, tasks: readonly (Partial<TaskPlan> & Pick<TaskPlan, 'taskId'>)[]): void {
  sandbox.state.addDag(createPlainDag(dagId, tasks.map(planTask)));
}
