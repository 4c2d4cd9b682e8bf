import { onTestFinished } from 'vitest';
import type { ActionResult } from '../../../src/actions/action-result.ts';
import { performAction } from '../../../src/actions/perform-action.ts';
import { createSharedActions } from '../../../src/actions/shared-actions.ts';
import type { ServedSystem } from '../../../src/job-service/served-system.ts';
import { type ActionTarget, allJobs, type CallContext, type JobQuery, type ListSource, startOfList } from '../../../src/jobs/adapter.ts';
import { createJob } from '../../../src/jobs/create-job.ts';
import { createHealthMonitor } from '../../../src/jobs/health.ts';
import type { Job, JobAction, JobFields } from '../../../src/jobs/job.ts';
import { createKnownRowsStore } from '../../../src/listing/known-rows.ts';
import { createPagePlaces } from '../../../src/listing/list-jobs.ts';
import { createListWalk } from '../../../src/reading/list-walk.ts';
import { createJobReader } from '../../../src/reading/reader.ts';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import { createSystemRecord } from '../../../src/systems/system-record.ts';
import type { TransportSettings } from '../../../src/transport/transport-settings.ts';
import { airflow } from '../../../src/vendors/airflow/index.ts';
import { startAirflowSandbox } from '../../../src/vendors/airflow/sandbox/index.ts';
import type { AirflowSwitches } from '../../../src/vendors/airflow/sandbox/switches.ts';
import { type ReadableAdapter, readable } from '../readable-adapter.ts';

export const nowMs = Date.parse('2026-06-01T12:00:00Z');
export const minuteMs = 60_000;

export const call: CallContext = { caller: 'test', signal: new AbortController().signal, credential: null };
/** The call of an action that a caller requested for a reason. */
export const requested: CallContext = { ...call, requestedBy: 'key:ops', reason: 'wrong table' };

export type AirflowSandbox = Awaited<ReturnType<typeof startAirflowSandbox>>;

/** An empty sandbox with a stopped clock, and an adapter that is connected to it. */
export async function start(
  switches: Partial<AirflowSwitches> = {},
  settings: object = {},
): Promise<{ sandbox: AirflowSandbox; adapter: ReadableAdapter }> {
  const sandbox = await startSandbox(switches);
  return { sandbox, adapter: connect(sandbox.url, { ...sandbox.settings, ...settings }) };
}

export async function startSandbox(switches: Partial<AirflowSwitches> = {}, jobs = 0): Promise<AirflowSandbox> {
  const clock = createClock({ startAtMs: nowMs, frozen: true });
  const sandbox = await startAirflowSandbox({ jobs, clock, switches: { arrivals: false, ...switches } });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export function connect(url: string, settings: unknown, transport: Partial<TransportSettings> = {}): ReadableAdapter {
  const defaults: TransportSettings = { timeoutMs: 5_000, concurrency: 4, maxResponseBytes: 33_554_432 };
  const adapter = readable(airflow.createAdapter({ id: 'flow', url, transport: { ...defaults, ...transport } }, settings));
  onTestFinished(() => adapter.close());
  return adapter;
}

/** The adapter as the core uses it. */
export function toSystem(adapter: ReadableAdapter): ServedSystem {
  return {
    id: 'flow',
    vendor: 'airflow',
    title: 'Airflow',
    adapter,
    concurrency: 4,
    scanLimit: 10_000,
    reader: createJobReader({ systemId: 'flow', adapter, concurrency: 4, scanLimit: 10_000 }),
    pagePlaces: createPagePlaces(4),
    knownRows: createKnownRowsStore(),
    sharedActions: createSharedActions(),
    health: createHealthMonitor(adapter),
    state: createSystemRecord(Date.now, 0, () => {}),
  };
}

/** Performs an action as the core does, and returns the job's result. */
export async function perform(adapter: ReadableAdapter, action: JobAction, vendorId: string, context = requested): Promise<ActionResult> {
  const results = await performAction(toSystem(adapter), action, [vendorId], { dryRun: false }, context);
  const result = results.get(vendorId);
  if (!result) throw new Error(`No result for ${vendorId}`);
  return result;
}

/** The only list for a query. Throws where there is none. */
export function listOf(adapter: ReadableAdapter, query: Partial<JobQuery> = {}): ListSource {
  const [source] = adapter.listJobs({ ...allJobs, ...query });
  if (!source) throw new Error('No list');
  return source;
}

/** All jobs of the only list for a query, as the core reads it. Throws if it can't be read or rows are missing. */
export async function readAll(adapter: ReadableAdapter, query: Partial<JobQuery> = {}, pageSize = 50): Promise<JobFields[]> {
  const walk = createListWalk({
    systemId: 'flow',
    source: listOf(adapter, query),
    query: { ...allJobs, ...query },
    call,
    from: { position: startOfList, rank: Number.NEGATIVE_INFINITY },
    pageSize,
    grows: false,
  });
  const jobs = new Map<string, JobFields>();
  for (let page = await walk.next(); page; page = await walk.next()) for (const job of page.jobs) jobs.set(job.vendorId, job.toFields());
  const problem = walk.problem() ?? walk.gap();
  if (problem) throw new Error(`Not all: ${problem.message}`);
  return [...jobs.values()];
}

/** One job, read by ID. Throws where there is none. */
export async function read(adapter: ReadableAdapter, vendorId: string): Promise<Job> {
  const [result] = await adapter.getJobs([vendorId], call);
  if (result?.kind !== 'job') throw new Error(`No job ${vendorId}: ${JSON.stringify(result)}`);
  return createJob('flow', result.job, new Date());
}

/** Targets as the core passes them: read just before. */
export async function targetsOf(adapter: ReadableAdapter, ...vendorIds: string[]): Promise<ActionTarget[]> {
  return Promise.all(vendorIds.map(async (vendorId) => ({ vendorId, job: await read(adapter, vendorId) })));
}

/** The queries of the lists of runs, request by request. */
export function sentQueries(sandbox: AirflowSandbox): Record<string, string[]>[] {
  return sandbox.requests
    .all()
    .filter(({ method, target }) => method === 'GET' && target.includes('/dags/~/dagRuns?'))
    .map(({ target }) => {
      const { searchParams } = new URL(target, 'http://sandbox');
      return Object.fromEntries(Array.from(new Set(searchParams.keys()), (name) => [name, searchParams.getAll(name)]));
    });
}

/** The JSON bodies of the requests with this method and this text in their path. */
export function sentBodies(sandbox: AirflowSandbox, method: string, path: string): unknown[] {
  return sandbox.requests
    .all()
    .filter((request) => request.method === method && request.target.includes(path))
    .map(({ body }) => JSON.parse(body));
}

/** The note's lines. */
export function notesOf(sandbox: AirflowSandbox, vendorId: string): string[] {
  return sandbox.state.getJob(vendorId)?.note?.split('\n') ?? [];
}
