import type { SandboxAnswer, SandboxRequest } from 'jobyard/sandbox';
import type { Run, Runs } from './runs.ts';

const maxLimit = 100;

/** Responds to a request as Nightrun's manual says. */
export function createAnswer(runs: Runs, token: string): (request: SandboxRequest) => SandboxAnswer {
  return ({ method, path, query, headers }) => {
    if (headers.authorization !== `Bearer ${token}`) return reject(401, 'unauthorized', 'The token is wrong.');
    const [, id = null, action = ''] = /^\/v1\/runs\/([^/]+)(\/stop|\/log)?$/.exec(path) ?? [];
    switch (`${method} ${id === null ? path : `/v1/runs/{id}${action}`}`) {
      case 'GET /v1/status':
        return json(200, { ok: true });
      case 'GET /v1/runs':
        return listRuns(runs, query);
      case 'GET /v1/runs/{id}':
        return withRun(runs, id, (run) => json(200, render(run)));
      case 'GET /v1/runs/{id}/log':
        return withRun(runs, id, (run) => readLog(run, Number(query.get('from') ?? 0)));
      case 'POST /v1/runs/{id}/stop':
        return withRun(runs, id, (run) =>
          runs.stop(run) ? json(200, render(run)) : reject(409, 'not_stoppable', `The run is ${run.state}.`),
        );
      default:
        return reject(404, 'no_such_endpoint', `There is no ${method} ${path}.`);
    }
  };
}

function withRun(runs: Runs, id: string | null, answer: (run: Run) => SandboxAnswer): SandboxAnswer {
  const run = runs.find(decodeURIComponent(id ?? ''));
  return run ? answer(run) : reject(404, 'no_such_run', 'There is no such run.');
}

function listRuns(runs: Runs, query: URLSearchParams): SandboxAnswer {
  const offset = Number(query.get('offset') ?? 0);
  const limit = Number(query.get('limit') ?? maxLimit);
  if (!Number.isInteger(offset) || offset < 0) return reject(400, 'bad_offset', 'offset must be 0 or more.');
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) return reject(400, 'bad_limit', `limit must be 1 to ${maxLimit}.`);
  const states = query.get('states')?.split(',');
  const matching = runs.all().filter(({ state }) => !states || states.includes(state));
  if (query.get('order') === 'oldest') matching.reverse();
  return json(200, { runs: matching.slice(offset, offset + limit).map(render), total: matching.length });
}

/** A log as a run of this state writes it. */
function readLog({ state, startedAtMs, error }: Run, from: number): SandboxAnswer {
  if (!Number.isInteger(from) || from < 0) return reject(400, 'bad_from', 'from must be 0 or more.');
  const rows =
    startedAtMs === null
      ? []
      : Array.from({ length: 150 }, (_, index) => ({ level: index % 50 === 49 ? 'warn' : 'info', text: `Row ${index + 1}` }));
  const log = [...rows, ...(state === 'failed' ? [{ level: 'error', text: error }] : [])];
  const entries = log.map((entry, index) => ({ at: toText((startedAtMs ?? 0) + index * 100), ...entry }));
  return json(200, { entries: entries.slice(from, from + maxLimit), total: entries.length });
}

function render({ id, state, title, queue, user, createdAtMs, startedAtMs, endedAtMs, error, odd }: Run): object {
  return {
    id,
    state,
    title,
    queue,
    user,
    createdAt: toText(createdAtMs),
    startedAt: toText(startedAtMs),
    endedAt: toText(endedAtMs),
    percent: state === 'waiting' ? 0 : state === 'done' ? 100 : null,
    error,
    ...odd,
  };
}

function toText(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function reject(status: number, code: string, message: string): SandboxAnswer {
  return json(status, { error: { code, message } });
}

function json(status: number, body: unknown): SandboxAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
