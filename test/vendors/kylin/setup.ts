import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createSharedActions } from '../../../src/actions/shared-actions.ts';
import type { ServedSystem } from '../../../src/job-service/served-system.ts';
import {
  type ActionTarget,
  type CallContext,
  type JobQuery,
  type ListPage,
  type ListPosition,
  type ListSource,
  startOfList,
} from '../../../src/jobs/adapter.ts';
import { createJob } from '../../../src/jobs/create-job.ts';
import { createHealthMonitor } from '../../../src/jobs/health.ts';
import type { Job, JobFields } from '../../../src/jobs/job.ts';
import { createKnownRowsStore } from '../../../src/listing/known-rows.ts';
import { createPagePlaces } from '../../../src/listing/list-jobs.ts';
import { createListWalk } from '../../../src/reading/list-walk.ts';
import { createJobReader } from '../../../src/reading/reader.ts';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import { createSystemRecord } from '../../../src/systems/system-record.ts';
import type { TransportSettings } from '../../../src/transport/transport-settings.ts';
import { kylin } from '../../../src/vendors/kylin/index.ts';
import { startKylinSandbox } from '../../../src/vendors/kylin/sandbox/index.ts';
import type { KylinSwitches } from '../../../src/vendors/kylin/sandbox/switches.ts';
import { type ReadableAdapter, readable } from '../readable-adapter.ts';

export const nowMs = Date.parse('2026-06-01T12:00:00Z');
export const minuteMs = 60_000;

export const call: CallContext = { caller: 'test', signal: new AbortController().signal, credential: null };

export const everything: JobQuery = {
  statuses: null,
  types: null,
  owners: null,
  scopes: null,
  text: null,
  createdFrom: null,
  createdTo: null,
  order: { field: 'CREATED_AT', direction: 'DESC' },
};

type Sandbox = Awaited<ReturnType<typeof startKylinSandbox>>;

/** An empty sandbox with a stopped clock, and an adapter that is connected to it. */
export async function start(
  switches: Partial<KylinSwitches> = {},
  transport: Partial<TransportSettings> = {},
): Promise<{ sandbox: Sandbox; adapter: ReadableAdapter }> {
  const sandbox = await startSandbox(switches);
  return { sandbox, adapter: connect(sandbox.url, sandbox.settings, transport) };
}

export async function startSandbox(switches: Partial<KylinSwitches> = {}, jobs = 0): Promise<Sandbox> {
  const clock = createClock({ startAtMs: nowMs, frozen: true });
  const sandbox = await startKylinSandbox({ jobs, clock, switches: { arrivals: false, ...switches } });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export function connect(url: string, settings: unknown, transport: Partial<TransportSettings> = {}): ReadableAdapter {
  const defaults: TransportSettings = { timeoutMs: 2000, concurrency: 4, maxResponseBytes: 33_554_432 };
  const adapter = readable(kylin.createAdapter({ id: 'kyl', url, transport: { ...defaults, ...transport } }, settings));
  onTestFinished(() => adapter.close());
  return adapter;
}

/** The adapter as the core uses it. */
export function toSystem(adapter: ReadableAdapter): ServedSystem {
  return {
    id: 'kyl',
    vendor: 'kylin',
    title: 'Kylin',
    adapter,
    concurrency: 4,
    scanLimit: 10_000,
    reader: createJobReader({ systemId: 'kyl', adapter, concurrency: 4, scanLimit: 10_000 }),
    pagePlaces: createPagePlaces(4),
    knownRows: createKnownRowsStore(),
    sharedActions: createSharedActions(),
    health: createHealthMonitor(adapter),
    state: createSystemRecord(Date.now, 0, () => {}),
  };
}

/** A server that is no sandbox, for answers that no switch gives. Returns the URL of its API. */
export async function startServer(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/kylin/api`;
}

/** The only list for a query. Throws where there is none. */
export function listOf(adapter: ReadableAdapter, query: Partial<JobQuery> = {}): ListSource {
  const [source] = adapter.listJobs({ ...everything, ...query });
  if (!source) throw new Error('No list');
  return source;
}

/** Throws where the page can't be read. */
export async function readPage(source: ListSource, size: number, at: ListPosition = startOfList): Promise<ListPage> {
  const page = await source.readPage(at, size, call);
  if (!page.ok) throw new Error(`No page: ${page.problem.message}`);
  return page.value;
}

/** All jobs of the only list for a query, as the core reads it. Throws if it can't be read or rows are missing. */
export async function readAll(adapter: ReadableAdapter, query: Partial<JobQuery> = {}, pageSize = 50): Promise<JobFields[]> {
  const whole = { ...everything, ...query };
  const walk = createListWalk({ systemId: 'kyl', source: listOf(adapter, query), query: whole, call, pageSize, grows: false });
  const jobs = new Map<string, JobFields>();
  for (let page = await walk.next(); page; page = await walk.next()) for (const job of page.jobs) jobs.set(job.vendorId, job.toFields());
  const problem = walk.problem() ?? walk.gap();
  if (problem) throw new Error(`Not all: ${problem.message}`);
  return [...jobs.values()];
}

/** One job, read by id. Throws where there is none. */
export async function read(adapter: ReadableAdapter, vendorId: string): Promise<Job> {
  const [result] = await adapter.getJobs([vendorId], call);
  if (result?.kind !== 'job') throw new Error(`No job ${vendorId}: ${JSON.stringify(result)}`);
  return createJob('kyl', result.job, new Date(nowMs));
}

/** Targets as the core passes them: read just before. */
export async function targetsOf(adapter: ReadableAdapter, ...vendorIds: string[]): Promise<ActionTarget[]> {
  return Promise.all(vendorIds.map(async (vendorId) => ({ vendorId, job: await read(adapter, vendorId) })));
}

/** The JSON bodies of the actions that reached a sandbox. */
export function sentActions(sandbox: Sandbox): unknown[] {
  return sandbox.requests
    .all()
    .filter(({ method }) => method === 'PUT')
    .map(({ body }) => JSON.parse(body));
}

/** What was asked of the list, request by request. */
export function sentQueries(sandbox: Sandbox): Record<string, string>[] {
  return sandbox.requests
    .all()
    .filter(({ method, target }) => method === 'GET' && target.includes('/jobs?'))
    .map(({ target }) => Object.fromEntries(new URL(target, 'http://sandbox').searchParams));
}
