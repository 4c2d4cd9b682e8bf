import { aodocsPageRows, aodocsPageToken, firstRowOf, vendorId } from '../ids.ts';
import { type Handler, notFound, ok } from './http.ts';

const headers = 'Content-Type: application/json; charset=UTF-8\r\n';
const root = '/api/job/v1/';
const libraries = `${root}libraries/`;
const totalRows = 500;

function job(id: string, index: number, status: string, newestMs: number): object {
  const startedMs = newestMs - 3_000 - 4_000 * index;
  return {
    kind: 'aodocs#job',
    jobId: id,
    libraryId: 'Sg88Rlsa9ceIZPJeEY',
    type: 'EXPORT_TO_LIBRARY',
    status,
    completed: status !== 'IN_PROGRESS',
    requestor: 'noah.keller@brightwater.example',
    startedAt: String(startedMs),
    lastActivityAt: String(startedMs + 45_600),
    remainingTasks: 1428,
    succeededTasks: 611,
    failedTasks: 0,
    taskRetries: 0,
  };
}

/** As AODocs writes it: one space an indent. */
function write(value: object): string {
  return JSON.stringify(value, null, 1);
}

/** The page that begins with the row `first`. */
function list(first: number, rows: number, newestMs: number): string {
  const end = Math.min(totalRows, first + rows);
  const jobs = Array.from({ length: end - first }, (_, place) => {
    const index = first + place;
    return job(vendorId('aodocs', 0, index), index, 'IN_PROGRESS', newestMs);
  });
  return ok(headers, write({ kind: 'aodocs#jobList', jobList: jobs, ...(end < totalRows && { nextPageToken: aodocsPageToken(end) }) }));
}

export function createAodocs(newestMs: number, count: (endpoint: string) => void): Handler {
  const lists = new Map<string, string>();
  const [runningStart = '', runningEnd = ''] = write(job('@id', 0, 'IN_PROGRESS', newestMs)).split('@id');
  const [cancelledStart = '', cancelledEnd = ''] = write(job('@id', 0, 'CANCELLED', newestMs)).split('@id');
  return (method, target) => {
    const cut = target.indexOf('?');
    const path = cut < 0 ? target : target.slice(0, cut);
    if (path.startsWith(libraries)) {
      count('libraries/ID');
      const rows = Math.min(aodocsPageRows, Number(/[?&]pageSize=(\d+)/.exec(target)?.[1] ?? 50));
      const first = firstRowOf(/[?&]pageToken=([^&]+)/.exec(target)?.[1]);
      const key = `${first} ${rows}`;
      const text = lists.get(key) ?? list(first, rows, newestMs);
      lists.set(key, text);
      return text;
    }
    if (!path.startsWith(root)) return notFound();
    const id = path.slice(root.length);
    if (method === 'GET') {
      count('ID');
      return ok(headers, runningStart + id + runningEnd);
    }
    if (!id.endsWith('/cancel')) return notFound();
    count('ID/cancel');
    return ok(headers, cancelledStart + id.slice(0, -'/cancel'.length) + cancelledEnd);
  };
}
