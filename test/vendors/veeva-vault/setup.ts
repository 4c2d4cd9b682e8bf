import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type ActionResponse, type CallContext, type JobQuery, startOfList } from '../../../src/jobs/adapter.ts';
import { createJob } from '../../../src/jobs/create-job.ts';
import type { Job, JobAction, JobFields } from '../../../src/jobs/job.ts';
import { createListWalk } from '../../../src/reading/list-walk.ts';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import type { Sandbox } from '../../../src/sandbox-kit/sandbox.ts';
import type { TransportSettings } from '../../../src/transport/transport-settings.ts';
import { veevaVault } from '../../../src/vendors/veeva-vault/index.ts';
import { startVeevaVaultSandbox, type VaultState, type VaultSwitches } from '../../../src/vendors/veeva-vault/sandbox/index.ts';
import { type ReadableAdapter, readable } from '../readable-adapter.ts';

export type VaultSandbox = Sandbox<VaultSwitches, VaultState>;

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

/** An empty Vault with a stopped clock, and an adapter that is connected to it. */
export async function start(
  switches: Partial<VaultSwitches> = {},
  transport: Partial<TransportSettings> = {},
  settings: object = {},
): Promise<{ sandbox: VaultSandbox; adapter: ReadableAdapter }> {
  const clock = createClock({ startAtMs: nowMs, frozen: true });
  const sandbox = await startVeevaVaultSandbox({ jobs: 0, clock, switches: { arrivals: false, ...switches } });
  onTestFinished(() => sandbox.close());
  return { sandbox, adapter: connect(sandbox.url, { ...sandbox.settings, ...settings }, transport) };
}

export function connect(url: string, settings: unknown, transport: Partial<TransportSettings> = {}): ReadableAdapter {
  const defaults: TransportSettings = { timeoutMs: 2000, concurrency: 4, maxResponseBytes: 33_554_432 };
  // The default behavior of REST.
  const all = { reads: 'rest', timeZone: 'UTC', ...(settings as object) };
  const adapter = readable(veevaVault.createAdapter({ id: 'vault', url, transport: { ...defaults, ...transport } }, all));
  onTestFinished(() => adapter.close());
  return adapter;
}

/** A server that accepts every login and responds to other requests as the test defines, for what no sandbox does. Returns its URL and the requests. */
export async function startServer(answer: (request: IncomingMessage, body: string) => unknown): Promise<{ url: string; bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const login = {
      responseStatus: 'SUCCESS',
      sessionId: 'A1',
      vaultId: 1,
      vaultIds: [{ id: 1, url: `http://${request.headers.host}/api` }],
    };
    const isLogin = request.url?.endsWith('/auth');
    if (!isLogin) bodies.push(body);
    const answered = isLogin ? login : answer(request, body);
    response.writeHead(200, { 'content-type': 'application/json' }).end(typeof answered === 'string' ? answered : JSON.stringify(answered));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

export const settings = { version: 'v26.1', username: 'svc', password: 'pw' };

/** All rows of the list, page after page, as the core reads it. Throws where one can't be read. */
export async function list(adapter: ReadableAdapter, query: Partial<JobQuery> = {}): Promise<JobFields[]> {
  const rows: JobFields[] = [];
  for (const source of adapter.listJobs({ ...everything, ...query })) {
    const walk = createListWalk({ systemId: 'vault', source, query: { ...everything, ...query }, call, pageSize: 500, grows: false });
    for (let page = await walk.next(); page; page = await walk.next()) rows.push(...page.jobs.map((job) => job.toFields()));
    const problem = walk.problem() ?? walk.gap();
    if (problem) throw new Error(`No list: ${problem.code} ${problem.message}`);
  }
  return rows;
}

/** The first page of the list. */
export function firstPage(adapter: ReadableAdapter, query: Partial<JobQuery> = {}) {
  return adapter.listJobs({ ...everything, ...query })[0]?.readPage(startOfList, 50, call);
}

export const listIds = async (adapter: ReadableAdapter, query: Partial<JobQuery> = {}): Promise<number[]> =>
  // Responses overlap by a row.
  Array.from(new Set((await list(adapter, query)).map(({ vendorId }) => Number(vendorId)))).sort((one, other) => one - other);

export const readResult = async (adapter: ReadableAdapter, vendorId: string | number, by: CallContext = call) =>
  (await adapter.getJobs([String(vendorId)], by))[0];

/** One job, read by id. Throws where there is none. */
export async function read(adapter: ReadableAdapter, vendorId: string | number): Promise<Job> {
  const result = await readResult(adapter, vendorId);
  if (result?.kind !== 'job') throw new Error(`No job ${vendorId}: ${JSON.stringify(result)}`);
  return createJob('vault', result.job, new Date(nowMs));
}

/** The steps of one job. */
export async function readSteps(adapter: ReadableAdapter, job: Job) {
  return (await adapter.getStepsOfJobs?.([job], call))?.[0];
}

export function act(adapter: ReadableAdapter, action: JobAction, ...vendorIds: (string | number)[]): Promise<ActionResponse[]> {
  return adapter.performAction(
    action,
    vendorIds.map((vendorId) => ({ vendorId: String(vendorId), job: null })),
    call,
  );
}

export const kinds = (answers: readonly { kind: string }[]) => answers.map(({ kind }) => kind);
