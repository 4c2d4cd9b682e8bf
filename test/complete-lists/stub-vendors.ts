import { startServer, type TestServer } from '../transport/start-server.ts';

/** A job of a stub. */
export interface StubJob {
  id: string;
  /** Epoch milliseconds. Null: not returned. */
  timeMs: number | null;
  running: boolean;
}

export interface StubOptions {
  jobs: StubJob[];
  /** The vendor compares times no more exactly. Default: 1. */
  orderMs?: number;
  /** True: jobs that compare equal come in another order for each page number and page size. */
  shuffles?: boolean;
  /** A gateway limits the rows per response, and the response reports the limit. */
  cap?: number;
  /** True: every second row is left out, and counted. */
  halves?: boolean;
  /** True: every request gets the first rows, whatever position it names. */
  ignoresPosition?: boolean;
  /** Changes the content of Kylin's response. */
  falsify?: (data: KylinData) => object;
}

/** A page of Kylin's list. */
export interface KylinData {
  value: object[];
  total_size: number;
  offset: number;
  limit: number;
}

/** A Kylin with a job list only, written from its REST manual: not Jobyard's sandbox, so that both can't be wrong in the same way. */
export function startKylinStub(options: StubOptions): Promise<TestServer> {
  const { jobs, orderMs = 1, cap = Number.POSITIVE_INFINITY, falsify = (data) => data } = options;
  return startServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://stub').searchParams;
    const pageOffset = Number(query.get('page_offset') ?? 0);
    const limit = Math.min(Number(query.get('page_size') ?? 10), cap);
    const statuses = query.get('statuses')?.split(',') ?? null;
    const direction = query.get('reverse') === 'false' ? 1 : -1;
    const salt = options.shuffles ? `${pageOffset}/${limit}` : '';
    const byId = query.get('sort_by') === 'id';
    const sorted = jobs
      .filter(({ running }) => statuses === null || statuses.includes(running ? 'RUNNING' : 'FINISHED'))
      .map((job) => ({ job, place: byId ? 0 : Math.floor((job.timeMs ?? 0) / orderMs), tie: byId ? job.id : hash(job.id + salt) }))
      .sort((a, b) => direction * (a.place - b.place) || (a.tie < b.tie ? -1 : 1));
    const page = options.ignoresPosition ? sorted.slice(0, limit) : sorted.slice(pageOffset * limit, (pageOffset + 1) * limit);
    const value = page.filter((_row, index) => !options.halves || index % 2 === 0).map(({ job }) => toKylinRow(job));
    sendJson(response, { code: '000', msg: '', data: falsify({ value, total_size: sorted.length, offset: pageOffset, limit }) });
  });
}

function toKylinRow({ id, timeMs, running }: StubJob) {
  const times = { create_time: timeMs ?? 0, exec_start_time: timeMs ?? 0, exec_end_time: 0 };
  return { id, job_status: running ? 'RUNNING' : 'FINISHED', job_name: 'INDEX_BUILD', project: 'retail', submitter: 'ada', ...times };
}

/** An AODocs library that has nothing but its job list. Tokens lead behind the last row. */
export function startAodocsStub({ jobs, orderMs = 1, ignoresPosition = false }: StubOptions): Promise<TestServer> {
  return startServer((request, response, index) => {
    const query = new URL(request.url ?? '', 'http://stub').searchParams;
    const direction = query.get('orderBy') === 'started asc' ? 1 : -1;
    const size = Math.min(Number(query.get('pageSize') ?? 50), 100);
    const sorted = jobs
      .map((job) => ({ job, place: Math.floor((job.timeMs ?? 0) / orderMs) }))
      .sort((a, b) => direction * (a.place - b.place) || (a.job.id < b.job.id ? -1 : 1));
    const start = ignoresPosition ? 0 : sorted.findIndex(({ job }) => job.id === query.get('pageToken')) + 1;
    const page = sorted.slice(start, start + size);
    const last = page.at(-1);
    const jobList = page.map(({ job: { id, timeMs, running } }) => {
      return { jobId: id, status: running ? 'IN_PROGRESS' : 'COMPLETED', ...(timeMs !== null && { startedAt: String(timeMs) }) };
    });
    sendJson(response, {
      jobList,
      ...(start + size < sorted.length && { nextPageToken: ignoresPosition ? `token ${index}` : last?.job.id }),
    });
  });
}

function sendJson(response: Parameters<Parameters<typeof startServer>[0]>[1], body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Pseudorandom, and the same each time. */
function hash(text: string): string {
  let value = 7;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return String(value).padStart(10, '0');
}
