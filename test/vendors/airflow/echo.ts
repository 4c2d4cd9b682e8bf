import type { Echo } from '../contract.ts';

const run = { dag_id: 'etl', dag_run_id: 'manual__1' };
const token = 'F00DFACE.0123456789ABCDEF.0123456789';

export const echo: Echo = {
  vendorIds: [`${run.dag_id}/${run.dag_run_id}`],
  settings: (secret, settings) => ({ ...settings, username: 'ada', password: secret }),
  secrets: 'any',
  learned: [token],
  passthroughSettings: { cancellationNotes: true },
  answer({ pathname }, request, { mode, words }) {
    if (pathname.endsWith('/auth/token')) return { status: 201, body: { access_token: token } };
    if (mode === 'errors') {
      const detail = [{ type: 'missing', loc: ['body', words()], msg: words(), input: words() }];
      return { status: 422, body: { detail } };
    }
    if (request.method === 'PATCH') return { status: 400, body: { detail: words() } };
    if (pathname.includes('/logs/')) return { body: { content: [createEntry(words)], continuation_token: null } };
    if (pathname.endsWith('/taskInstances')) return { body: { task_instances: [createTask(words)], total_entries: 1 } };
    if (pathname.endsWith('/xcomEntries')) return { body: { xcom_entries: [{ key: words(), task_id: words(), map_index: 1 }] } };
    if (pathname.includes('/xcomEntries/')) return { body: { value: JSON.stringify({ [words()]: [words()] }) } };
    if (/\/taskInstances\/[^/]+$/.test(pathname)) return { body: createTask(words) };
    if (/\/dags\/[^/]+$/.test(pathname)) return { body: { tags: [{ name: words() }] } };
    if (pathname.endsWith('/dags')) return { body: { dags: [{ dag_id: words() }], total_entries: 1 } };
    if (!pathname.endsWith('/dagRuns')) return { body: createRun(words) };
    const rows = [
      createRun(words),
      { ...createRun(words), dag_run_id: 'manual__2', state: { no: words() } },
      { ...createRun(words), dag_run_id: words() },
      { ...createRun(words), dag_run_id: { no: words() } },
    ];
    return { body: { dag_runs: rows, total_entries: rows.length } };
  },
};

function createRun(words: () => string): object {
  return {
    ...run,
    dag_display_name: words(),
    state: 'failed',
    run_type: words(),
    run_after: '2026-01-02T03:04:05.678901Z',
    start_date: '2026-01-02T03:04:06.678901Z',
    end_date: '2026-01-02T03:04:16.678901Z',
    triggering_user_name: words(),
    triggered_by: words(),
    note: words(),
    conf: { [words()]: words() },
    bundle_version: words(),
  };
}

function createTask(words: () => string): object {
  return {
    task_id: words(),
    map_index: -1,
    task_display_name: words(),
    state: 'failed',
    try_number: 1,
    start_date: '2026-01-02T03:04:06Z',
    operator: words(),
  };
}

function createEntry(words: () => string): object {
  return { event: words(), logger: words(), error_detail: [{ exc_type: words(), exc_value: words() }] };
}
