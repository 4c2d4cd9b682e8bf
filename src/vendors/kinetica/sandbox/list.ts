import { z } from 'zod';
import type { Account } from './accounts.ts';
import type { EndpointResult } from './envelope.ts';
import type { KineticaJob } from './job.ts';
import { writeJson } from './json.ts';
import type { KineticaState } from './state.ts';
import type { KineticaSwitches } from './switches.ts';

const flag = z.enum(['true', 'false']).default('false');

export const showJobsRequest = z.object({
  options: z.object({ show_async_jobs: flag, show_worker_info: flag, job_user_data: z.string().default('') }).catchall(z.string()),
});

/** A request of a client, as the list shows it. */
export interface ClientCall {
  id: bigint;
  account: Account;
  receivedAtMs: number;
  /** The host and port to which the client sent it. */
  host: string;
}

/** POST /admin/show/jobs: every request in flight and, on request, the ended asynchronous jobs. Parallel arrays, one element per job. */
export function showJobs(
  state: KineticaState,
  switches: KineticaSwitches,
  { options }: z.output<typeof showJobsRequest>,
  call: ClientCall,
): EndpointResult {
  const { version } = switches;
  // Kinetica 6.2 had no option for it and always listed completed asynchronous jobs.
  const withEnded = version === '6.2' || options.show_async_jobs === 'true';
  const own = switches.plainUsers === 'own-jobs' && !call.account.administrator;
  const jobs: Readonly<KineticaJob>[] = [];
  for (const job of state.jobs()) {
    if (own && job.authId !== call.account.username) continue;
    if (job.running || (withEnded && job.kind === 'async')) jobs.push(job);
  }

  const rows = jobs.map((job): Row => ({ ...job, id: BigInt(job.id), status: listStatus(job, switches) }));
  if (switches.listsItself) rows.push(listingCall(call, options.job_user_data));
  const ordered = switches.listOrder === 'received' ? rows : scramble(rows);
  const column = (name: string, key: keyof Row) => ordered.map((row) => (name in row.odd ? row.odd[name] : row[key]));
  return {
    data: {
      job_id: column('job_id', 'id'),
      status: column('status', 'status'),
      endpoint_name: column('endpoint_name', 'endpoint'),
      time_received: column('time_received', 'receivedAtMs'),
      auth_id: column('auth_id', 'authId'),
      ...(version >= '7.0' && { source_ip: column('source_ip', 'sourceIp') }),
      ...(version >= '7.2' && { query_text: column('query_text', 'queryText') }),
      user_data: column('user_data', 'userData'),
      ...(version >= '7.1' && { flags: column('flags', 'flags') }),
      ...(version >= '7.0' && { info: info(jobs, switches, options.show_worker_info === 'true') }),
    },
  };
}

type Row = Pick<KineticaJob, 'endpoint' | 'receivedAtMs' | 'authId' | 'sourceIp' | 'queryText' | 'userData' | 'flags' | 'odd'> & {
  id: bigint;
  status: string;
};

function listingCall({ id, account, receivedAtMs }: ClientCall, userData: string): Row {
  return {
    id,
    status: 'RUNNING',
    endpoint: '/admin/show/jobs',
    receivedAtMs,
    authId: account.username,
    sourceIp: '127.0.0.1',
    queryText: '',
    userData,
    flags: '',
    odd: {},
  };
}

const mockWords = { WAITING: 'QUEUED', RUNNING: 'RUNNING', DONE: 'COMPLETE', ERROR: 'FAILED', CANCELLED: 'CANCELED' };

function listStatus(job: KineticaJob, { statusWords, stoppingWord }: KineticaSwitches): string {
  if (job.listStatus !== undefined) return job.listStatus;
  const stopping = job.status === 'CANCELLED' && job.running && stoppingWord !== 'CANCELLED';
  if (stopping) return statusWords === 'lower-case' ? stoppingWord.toLowerCase() : stoppingWord;
  if (statusWords === 'complete') return mockWords[job.status];
  return statusWords === 'lower-case' ? job.status.toLowerCase() : job.status;
}

function info(jobs: readonly KineticaJob[], { version, listTag }: KineticaSwitches, withWorkers: boolean): Record<string, string> {
  const tags = jobs.filter(({ tag }) => tag !== '').map(({ tag }) => tag);
  return {
    ...(listTag !== 'absent' && tags.length > 0 && { job_tag: listTag === 'joined' ? tags.join(',') : tags[0] }),
    ...(withWorkers && version >= '7.1' && { worker_info: workerInfo(jobs) }),
  };
}

/** What the worker ranks are doing: JSON text once more. Its form is not documented. */
function workerInfo(jobs: readonly KineticaJob[]): string {
  const working = jobs.filter(({ status }) => status === 'RUNNING').slice(0, 100);
  const rank = working.map(({ id, endpoint }, index) => ({
    job_id: BigInt(id),
    status: index % 7 === 6 ? 'PAUSED' : 'RUNNING',
    endpoint_name: endpoint,
  }));
  return writeJson({ '1': rank, '2': rank });
}

/** The even places forward, then the odd ones backward: no client can mistake this for an order. */
function scramble<T>(rows: readonly T[]): T[] {
  return [...rows.filter((_row, index) => index % 2 === 0), ...rows.filter((_row, index) => index % 2 === 1).reverse()];
}
