import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type CallContext, isOddRow, type JobQuery, startOfList } from '../../../src/jobs/adapter.ts';
import { createJob } from '../../../src/jobs/create-job.ts';
import type { Job, JobFields } from '../../../src/jobs/job.ts';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import type { TransportSettings } from '../../../src/transport/transport-settings.ts';
import { toJobFields } from '../../../src/vendors/kinetica/adapter/map.ts';
import { kinetica } from '../../../src/vendors/kinetica/index.ts';
import { type KineticaSandbox, type KineticaSwitches, startKineticaSandbox } from '../../../src/vendors/kinetica/sandbox/index.ts';
import { type ReadableAdapter, readable } from '../readable-adapter.ts';

export const nowMs = Date.parse('2026-06-01T12:00:00Z');

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

/** An empty sandbox with a stopped clock, and an adapter that is connected to it. */
export async function start(
  switches: Partial<KineticaSwitches> = {},
  transport: Partial<TransportSettings> = {},
): Promise<{ sandbox: KineticaSandbox; adapter: ReadableAdapter }> {
  const sandbox = await startSandbox(switches);
  return { sandbox, adapter: connect(sandbox.url, sandbox.settings, transport) };
}

export async function startSandbox(switches: Partial<KineticaSwitches> = {}): Promise<KineticaSandbox> {
  const clock = createClock({ startAtMs: nowMs, frozen: true });
  const sandbox = await startKineticaSandbox({ jobs: 0, clock, switches: { arrivals: false, ...switches } });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export function connect(url: string, settings: unknown, transport: Partial<TransportSettings> = {}): ReadableAdapter {
  const defaults: TransportSettings = { timeoutMs: 2000, concurrency: 4, maxResponseBytes: 33_554_432 };
  const adapter = readable(kinetica.createAdapter({ id: 'kin', url, transport: { ...defaults, ...transport } }, settings));
  onTestFinished(() => adapter.close());
  return adapter;
}

/** A server that is no Kinetica, for answers that no switch gives. Returns its URL. */
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
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** All jobs of the list. Throws where it can't be read. */
export async function list(adapter: ReadableAdapter): Promise<JobFields[]> {
  const page = await adapter.listJobs(everything)[0]?.readPage(startOfList, 50, call);
  if (!page?.ok) throw new Error(`No list: ${page?.problem.message}`);
  return page.value.rows.flatMap((row) => (isOddRow(row) ? (row.job?.toFields() ?? []) : row.toFields()));
}

/** One job, read by id. Throws where there is none. */
export async function read(adapter: ReadableAdapter, vendorId: string): Promise<Job> {
  const [result] = await adapter.getJobs([vendorId], call);
  if (result?.kind !== 'job') throw new Error(`No job ${vendorId}: ${JSON.stringify(result)}`);
  return createJob('kin', result.job, new Date(nowMs));
}

export const targets = (...vendorIds: string[]) => vendorIds.map((vendorId) => ({ vendorId, job: null }));

/** A running job of this type that no cluster has. */
export function inventJob(type: string | null): Job {
  const fields = toJobFields({
    job_id: '7',
    status: 'RUNNING',
    endpoint_name: type,
    time_received: nowMs,
    auth_id: null,
    source_ip: null,
    query_text: null,
    user_data: null,
    flags: null,
  });
  return createJob('kin', fields, new Date(nowMs));
}
