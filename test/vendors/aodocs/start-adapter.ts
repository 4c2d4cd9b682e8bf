import { type CallContext, isOddRow, type JobOrder, type JobQuery, type ListPage, type ListSource } from '../../../src/jobs/adapter.ts';
import type { JobFields } from '../../../src/jobs/job.ts';
import type { Problem } from '../../../src/jobs/problem.ts';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import type { Sandbox } from '../../../src/sandbox-kit/sandbox.ts';
import { aodocs } from '../../../src/vendors/aodocs/index.ts';
import { type AodocsState, type AodocsSwitches, startAodocsSandbox } from '../../../src/vendors/aodocs/sandbox/index.ts';
import { type ReadableAdapter, readable } from '../readable-adapter.ts';

export const systemId = 'aodocs';
/** The time of the sandbox's clock. */
export const startAtMs = Date.parse('2026-06-09T10:00:00Z');

export interface Rig {
  sandbox: Sandbox<AodocsSwitches, AodocsState>;
  adapter: ReadableAdapter;
  /** The library that jobs are added to by default. */
  libraryId: string;
}

export interface RigOptions {
  switches?: Partial<AodocsSwitches>;
  jobs?: number;
  timeoutMs?: number;
  /** In place of the sandbox's own. */
  settings?: Record<string, unknown>;
}

const closing: (() => Promise<void>)[] = [];

/** A sandbox on a stopped clock, and an adapter that is connected to it. `closeAll` closes both. */
export async function start({ switches = {}, jobs = 0, timeoutMs = 2_000, settings = {} }: RigOptions = {}): Promise<Rig> {
  const clock = createClock({ frozen: true, startAtMs });
  const sandbox = await startAodocsSandbox({ clock, jobs, switches: { arrivals: false, ...switches } });
  const adapter = connect(sandbox, { ...sandbox.settings, ...settings }, timeoutMs);
  closing.push(() => sandbox.close());
  return { sandbox, adapter, libraryId: String(sandbox.state.libraries[0]) };
}

/** Another adapter for the same sandbox. */
export function connect(sandbox: { url: string }, settings: unknown, timeoutMs = 2_000): ReadableAdapter {
  const transport = { timeoutMs, concurrency: 4, maxResponseBytes: 33_554_432 };
  const adapter = readable(aodocs.createAdapter({ id: systemId, url: sandbox.url, transport }, settings));
  closing.unshift(() => adapter.close());
  return adapter;
}

export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0)) await close();
}

export function createCall(credential: string | null = null): CallContext {
  return { caller: 'test', signal: new AbortController().signal, credential };
}

export function createQuery(conditions: Partial<JobQuery> = {}): JobQuery {
  const order: JobOrder = { field: 'CREATED_AT', direction: 'DESC' };
  return { statuses: null, types: null, owners: null, scopes: null, text: null, createdFrom: null, createdTo: null, order, ...conditions };
}

export async function read(adapter: ReadableAdapter, vendorId: string, credential: string | null = null) {
  const [result] = await adapter.getJobs([vendorId], createCall(credential));
  if (!result) throw new Error('No result');
  return result;
}

export async function readJob(adapter: ReadableAdapter, vendorId: string): Promise<JobFields> {
  const result = await read(adapter, vendorId);
  if (result.kind !== 'job') throw new Error(`No job but ${JSON.stringify(result)}`);
  return result.job;
}

export async function readProblem(adapter: ReadableAdapter, vendorId: string, credential: string | null = null): Promise<Problem> {
  const result = await read(adapter, vendorId, credential);
  if (result.kind !== 'problem') throw new Error(`No problem but ${JSON.stringify(result)}`);
  return result.problem;
}

export async function cancel(adapter: ReadableAdapter, vendorId: string, credential: string | null = null) {
  const [answer] = await adapter.performAction('CANCEL', [{ vendorId, job: null }], createCall(credential));
  if (!answer) throw new Error('No answer');
  return answer;
}

/** All jobs of a list, page by page; of odd rows what can be shown. */
export async function readAll(source: ListSource, size = 100): Promise<JobFields[]> {
  const jobs: JobFields[] = [];
  let part: string | null = null;
  do {
    const page = await source.readPage({ part, row: 0 }, size, createCall());
    if (!page.ok) throw new Error(page.problem.message);
    jobs.push(...jobsOf(page.value));
    part = page.value.nextPart;
  } while (part !== null);
  return jobs;
}

export function jobsOf({ rows }: ListPage): JobFields[] {
  return rows.flatMap((row) => (isOddRow(row) ? (row.job?.toFields() ?? []) : row.toFields()));
}

/** All rows of all lists. */
export async function listAll(adapter: ReadableAdapter, conditions: Partial<JobQuery> = {}, size = 100): Promise<JobFields[]> {
  const lists = await Promise.all(adapter.listJobs(createQuery(conditions)).map((source) => readAll(source, size)));
  return lists.flat();
}

/** The list of one library. */
export function sourceOf({ adapter, libraryId }: Rig, conditions: Partial<JobQuery> = {}): ListSource {
  const source = adapter.listJobs(createQuery(conditions)).find(({ name }) => name === libraryId);
  if (!source) throw new Error('No such list');
  return source;
}

/** The query parameters of the last request. */
export function lastParameters({ sandbox }: Rig): Record<string, string> {
  const target = sandbox.requests.all().at(-1)?.target ?? '';
  return Object.fromEntries(new URL(target, 'http://localhost').searchParams);
}
