import { vendorId } from '../ids.ts';
import { type Handler, notFound, ok } from './http.ts';

const headers =
  'Content-Type: application/json;charset=UTF-8\r\nX-VaultAPI-ExecutionId: 56f463db-e8ca-42a9-9c90-e55d32d4f05c\r\nX-VaultAPI-BurstLimit: 2000\r\nX-VaultAPI-BurstLimitRemaining: 1999\r\nX-VaultAPI-VaultId: 4102\r\nX-VaultAPI-UserId: 20417\r\nX-VaultAPI-TruncatedSessionId: E531381F9BC5BE8B67BE\r\nX-VaultAPI-Status: SUCCESS\r\n';
const root = '/api/v26.1';
const jobs = `${root}/services/jobs/`;

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Monitors and histories take turns in time, so that a page of the newest has rows of both. */
function list(name: 'monitors' | 'histories', count: number, newestMs: number): string {
  const ended = name === 'histories';
  const rows = Array.from({ length: count }, (_, index) => {
    const place = 2 * index + (ended ? 1 : 0);
    const createdMs = newestMs - 2_000 - 4_000 * place;
    return {
      job_id: Number(vendorId('veeva-vault', 0, place)),
      title: 'Synchronize Portal Assets',
      status: ended ? 'SUCCESS' : 'RUNNING',
      created_by: 20_417,
      created_date: iso(createdMs),
      modified_by: 1,
      modified_date: iso(createdMs + 40_000),
      run_start_date: iso(createdMs + 10_000),
      ...(ended && { run_end_date: iso(createdMs + 40_000) }),
    };
  });
  const details = { total: count, limit: 200, offset: 0 };
  const url = `${jobs}${name}?limit=200&offset=0`;
  return ok(headers, JSON.stringify({ responseStatus: 'SUCCESS', responseMessage: 'OK', url, responseDetails: details, jobs: rows }));
}

/** `rows`: how many jobs each of the two lists has: at most 200, what Vault returns at once. */
export function createVault(rows: number, newestMs: number, count: (endpoint: string) => void): Handler {
  const monitors = list('monitors', rows, newestMs);
  const histories = list('histories', rows, newestMs);
  const dates = `"created_date":"${iso(newestMs)}","run_start_date":"${iso(newestMs + 10_000)}"`;
  const statusEnd = `,"status":"RUNNING","created_by":20417,${dates}}}`;
  return (method, target, body, host) => {
    if (target === `${jobs}actions/cancel`) {
      count('actions/cancel');
      const items = (body.match(/\d+/g) ?? []).map((id) => `{"responseStatus":"SUCCESS","data":{"id":${id}}}`);
      return ok(headers, `{"responseStatus":"SUCCESS","data":[${items.join(',')}]}`);
    }
    if (target.startsWith(`${jobs}monitors?`)) {
      count('monitors');
      return monitors;
    }
    if (target.startsWith(`${jobs}histories?`)) {
      count('histories');
      return histories;
    }
    if (method === 'GET' && target.startsWith(jobs)) {
      count('jobs/ID');
      return ok(headers, `{"responseStatus":"SUCCESS","responseMessage":"OK","data":{"id":${target.slice(jobs.length)}${statusEnd}`);
    }
    if (target === `${root}/auth`) {
      count('auth');
      const vault = `{"id":4102,"name":"QualityDocs","url":"http://${host}/api"}`;
      return ok(
        headers,
        `{"responseStatus":"SUCCESS","sessionId":"E531381F9BC5BE8B67BE","userId":20417,"vaultIds":[${vault}],"vaultId":4102}`,
      );
    }
    // The session's end.
    return target === `${root}/session` ? ok(headers, '{"responseStatus":"SUCCESS"}') : notFound();
  };
}
