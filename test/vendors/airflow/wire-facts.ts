/** A request, and what a real Airflow 3.3 responds: the sandbox and a real one are compared with it. */
export interface WireFact {
  title: string;
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** After the address. `RUN`: the path of a run that runs. */
  path: string;
  /** Sent as JSON, or as given if it is text. */
  body?: unknown;
  /** Whose token the request carries. Default: that of a user who may change runs. */
  as?: 'nobody' | 'stranger' | 'viewer';
  status: number;
  /** What the body contains, as text. */
  contains: string;
}

const runs = '/api/v2/dags/~/dagRuns';
const list = '/api/v2/dags/~/dagRuns/list';

export const wireFacts: readonly WireFact[] = [
  { title: 'no token', method: 'GET', path: '/api/v2/dags', as: 'nobody', status: 401, contains: '{"detail":"Not authenticated"}' },
  { title: 'a wrong token', method: 'GET', path: '/api/v2/dags', as: 'stranger', status: 403, contains: '{"detail":"Invalid JWT token"}' },
  {
    title: 'no right',
    method: 'PATCH',
    path: 'RUN',
    body: { state: 'failed' },
    as: 'viewer',
    status: 403,
    contains: '{"detail":"Forbidden"}',
  },
  {
    title: 'a wrong password',
    method: 'POST',
    path: '/auth/token',
    body: { username: 'op', password: 'x' },
    as: 'nobody',
    status: 401,
    contains: '{"detail":"Invalid credentials"}',
  },
  {
    title: 'an empty password',
    method: 'POST',
    path: '/auth/token',
    body: { username: 'op', password: '' },
    as: 'nobody',
    status: 400,
    contains: 'Username and password must be provided',
  },
  { title: 'an unknown path', method: 'GET', path: '/api/v2/nothing', status: 404, contains: '{"error":"API route not found"}' },
  { title: 'a path of the web interface', method: 'GET', path: '/nothing', status: 200, contains: '<title>Airflow</title>' },
  { title: 'an unknown method', method: 'PUT', path: 'RUN', body: {}, status: 405, contains: '{"detail":"Method Not Allowed"}' },
  {
    title: 'an unknown run',
    method: 'GET',
    path: '/api/v2/dags/sleeps/dagRuns/x',
    status: 404,
    contains: '{"detail":"The DagRun with dag_id: `sleeps` and run_id: `x` was not found"}',
  },
  {
    title: 'a run of an unknown DAG',
    method: 'GET',
    path: '/api/v2/dags/none/dagRuns/x',
    status: 404,
    contains: 'The DagRun with dag_id: `none` and run_id: `x` was not found',
  },
  { title: 'a slash in an ID', method: 'GET', path: '/api/v2/dags/sleeps/dagRuns/x%2Fy', status: 404, contains: 'API route not found' },
  {
    title: 'the list of an unknown DAG',
    method: 'GET',
    path: '/api/v2/dags/none/dagRuns',
    status: 404,
    contains: 'The Dag with ID: `none` was not found',
  },
  { title: 'states with a comma', method: 'GET', path: `${runs}?state=queued,running`, status: 422, contains: 'Invalid value for state' },
  { title: 'an unknown type', method: 'GET', path: `${runs}?run_type=x`, status: 422, contains: 'Invalid value for run type' },
  {
    title: 'a limit that is no number',
    method: 'GET',
    path: `${runs}?limit=x`,
    status: 422,
    contains: '"type":"int_parsing","loc":["query","limit"]',
  },
  { title: 'a negative limit', method: 'GET', path: `${runs}?limit=-1`, status: 422, contains: '"type":"greater_than_equal"' },
  { title: 'no rows, only the count', method: 'GET', path: `${runs}?limit=0`, status: 200, contains: '"dag_runs":[],"total_entries":' },
  { title: 'an unknown order', method: 'GET', path: `${runs}?order_by=x`, status: 400, contains: "Ordering with 'x' is disallowed" },
  {
    title: 'a time without a zone in a query',
    method: 'GET',
    path: `${runs}?run_after_gte=2026-01-01T00:00:00`,
    status: 500,
    contains: '"reason":"Database error"',
  },
  {
    title: 'a plus sign, which is a space, in a query',
    method: 'GET',
    path: `${runs}?run_after_gte=2026-01-01T00:00:00+00:00`,
    status: 422,
    contains: '"type":"datetime_from_date_parsing"',
  },
  { title: 'the first year', method: 'GET', path: `${runs}?run_after_gte=0001-01-01T00:00:00.000Z`, status: 200, contains: '"dag_run_id"' },
  {
    title: 'the last microsecond',
    method: 'GET',
    path: `${runs}?run_after_lte=9999-12-31T23:59:59.999999Z`,
    status: 200,
    contains: '"dag_run_id"',
  },
  { title: 'a wrong cursor', method: 'GET', path: `${runs}?cursor=zzz&order_by=-run_after`, status: 400, contains: 'Invalid cursor token' },
  {
    title: 'a cursor',
    method: 'GET',
    path: `${runs}?cursor=&limit=1&order_by=-run_after`,
    status: 200,
    contains: '"previous_cursor":null',
  },
  {
    title: 'an unknown field',
    method: 'POST',
    path: list,
    body: { x: 1 },
    status: 422,
    contains: '"type":"extra_forbidden","loc":["body","x"]',
  },
  { title: 'an unknown state in a body', method: 'POST', path: list, body: { states: ['x'] }, status: 422, contains: '"type":"enum"' },
  {
    title: 'a time without a zone in a body',
    method: 'POST',
    path: list,
    body: { run_after_gte: '2026-01-01T00:00:00' },
    status: 422,
    contains: '"type":"timezone_aware"',
  },
  { title: 'no DAG in a body, which means all', method: 'POST', path: list, body: { dag_ids: [] }, status: 200, contains: '"dag_run_id"' },
  {
    title: 'a DAG without runs in a body',
    method: 'POST',
    path: list,
    body: { dag_ids: ['none'] },
    status: 200,
    contains: '"dag_runs":[],"total_entries":0',
  },
  {
    title: 'a trigger without a logical date',
    method: 'POST',
    path: '/api/v2/dags/sleeps/dagRuns',
    body: {},
    status: 422,
    contains: '"type":"missing","loc":["body","logical_date"]',
  },
  {
    title: 'a trigger with an ID with a space',
    method: 'POST',
    path: '/api/v2/dags/sleeps/dagRuns',
    body: { logical_date: null, dag_run_id: 'a b' },
    status: 400,
    contains: "The run_id provided 'a b' does not match regex pattern",
  },
  {
    title: 'a trigger with a used ID',
    method: 'POST',
    path: '/api/v2/dags/sleeps/dagRuns',
    body: { logical_date: null, dag_run_id: 'fact' },
    status: 409,
    contains: '"reason":"Unique constraint violation"',
  },
  {
    title: 'a trigger with an ID of scheduled runs',
    method: 'POST',
    path: '/api/v2/dags/sleeps/dagRuns',
    body: { logical_date: null, dag_run_id: 'scheduled__x' },
    status: 400,
    contains: "A manual DAG run cannot use ID 'scheduled__x' since it is reserved for scheduled runs",
  },
  {
    title: 'a trigger of an unknown DAG',
    method: 'POST',
    path: '/api/v2/dags/none/dagRuns',
    body: { logical_date: null },
    status: 404,
    contains: '{"detail":"Dag with dag_id: \'none\' not found"}',
  },
  {
    title: 'a trigger with settings that are no object',
    method: 'POST',
    path: '/api/v2/dags/sleeps/dagRuns',
    body: { logical_date: null, conf: [] },
    status: 422,
    contains: '"type":"dict_type","loc":["body","conf"],"msg":"Input should be a valid dictionary"',
  },
  {
    title: 'a trigger with a setting of the wrong type',
    method: 'POST',
    path: '/api/v2/dags/succeeds/dagRuns',
    body: { logical_date: null, conf: { table: 7 } },
    status: 400,
    contains: "Invalid input for param table: 7 is not of type 'string'",
  },
  {
    title: 'a trigger by a user who can only read',
    method: 'POST',
    path: '/api/v2/dags/sleeps/dagRuns',
    body: { logical_date: null },
    as: 'viewer',
    status: 403,
    contains: '{"detail":"Forbidden"}',
  },
  {
    title: 'PATCH to running',
    method: 'PATCH',
    path: 'RUN',
    body: { state: 'running' },
    status: 422,
    contains: "Input should be 'queued', 'success' or 'failed'",
  },
  { title: 'PATCH of an unknown field', method: 'PATCH', path: 'RUN', body: { x: 1 }, status: 422, contains: 'extra_forbidden' },
  { title: 'PATCH of a list', method: 'PATCH', path: 'RUN', body: [], status: 422, contains: 'model_attributes_type' },
  { title: 'PATCH without JSON', method: 'PATCH', path: 'RUN', body: '{', status: 422, contains: 'json_invalid' },
  {
    title: 'a note of 1,001 characters',
    method: 'PATCH',
    path: 'RUN',
    body: { note: 'x'.repeat(1_001) },
    status: 422,
    contains: 'string_too_long',
  },
  {
    title: 'a clear without anything, which is only a test',
    method: 'POST',
    path: 'RUN/clear',
    body: {},
    status: 200,
    contains: '{"task_instances":[{',
  },
  { title: 'a clear of an unknown field', method: 'POST', path: 'RUN/clear', body: { x: 1 }, status: 422, contains: 'extra_forbidden' },
  {
    title: 'a log of an unknown try',
    method: 'GET',
    path: 'RUN/taskInstances/rest/logs/9',
    status: 404,
    contains: 'TaskInstance not found',
  },
  {
    title: 'a log with a wrong token',
    method: 'GET',
    path: 'RUN/taskInstances/rest/logs/1?token=x',
    status: 400,
    contains: 'Bad Signature',
  },
  { title: 'a delete of a run that runs', method: 'DELETE', path: 'RUN', status: 409, contains: 'cannot be deleted in running state' },
];

/** Sends the request of a fact. `tokens`: of the users; `run`: the path of a run that runs. */
export async function send(
  { method, path, body, as }: WireFact,
  { url, tokens, run }: { url: string; tokens: Record<'user' | 'viewer', string>; run: string },
): Promise<{ status: number; text: string }> {
  const token = as === 'nobody' ? null : as === 'stranger' ? 'not.a.token' : tokens[as ?? 'user'];
  const response = await fetch(url + path.replace('RUN', run), {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}
