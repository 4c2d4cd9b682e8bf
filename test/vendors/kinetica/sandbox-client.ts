import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import type { SandboxOptions } from '../../../src/sandbox-kit/sandbox.ts';
import { type KineticaSandbox, type KineticaSwitches, startKineticaSandbox } from '../../../src/vendors/kinetica/sandbox/index.ts';

export const startedAt = Date.parse('2026-06-12T08:00:00.000Z');

/** An empty sandbox on a stopped clock, in which nothing happens by itself. Closed when the test ends. */
export async function start(switches: Partial<KineticaSwitches> = {}, options: SandboxOptions<KineticaSwitches> = {}) {
  const sandbox = await startKineticaSandbox({
    jobs: 0,
    clock: createClock({ startAtMs: startedAt, frozen: true }),
    ...options,
    switches: { arrivals: false, listsItself: false, ...switches },
  });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export const basic = (username: string, password: string) => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
export const administrator = basic('admin', 'Kinetica1!');
export const plainUser = basic('svc_superset', 'read-only-7');

const wrapper = z.strictObject({ status: z.string(), message: z.string(), data_type: z.string(), data: z.string(), data_str: z.unknown() });

/** POSTs an object, or a text as it is. `wrapper` throws on a body that is not the vendor's. */
export async function post(
  { url }: KineticaSandbox,
  path: string,
  body: unknown = { options: {} },
  headers: Record<string, string> = { authorization: administrator },
) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, wrapper: () => wrapper.parse(JSON.parse(text)) };
}

const jobs = z.object({
  job_id: z.array(z.number()),
  status: z.array(z.string()),
  endpoint_name: z.array(z.string()),
  time_received: z.array(z.number()),
  auth_id: z.array(z.string()),
  source_ip: z.array(z.string()).optional(),
  query_text: z.array(z.string()).optional(),
  user_data: z.array(z.string()),
  flags: z.array(z.string()).optional(),
  info: z.record(z.string(), z.string()).optional(),
});

const altered = z.object({
  job_ids: z.array(z.number()),
  action: z.string(),
  status: z.array(z.string()),
  info: z.record(z.string(), z.string()).optional(),
});

const asyncJob = z.object({
  endpoint: z.string(),
  job_status: z.string(),
  running: z.boolean(),
  progress: z.number(),
  successful: z.boolean(),
  response_encoding: z.string(),
  job_response: z.string(),
  job_response_str: z.string(),
  status_map: z.record(z.string(), z.string()),
  info: z.record(z.string(), z.string()).optional(),
});

const createdJob = z.object({ job_id: z.number(), info: z.object({ job_tag: z.string() }) });

async function call<T>(schema: z.ZodType<T>, sandbox: KineticaSandbox, path: string, body: unknown, authorization: string): Promise<T> {
  const answer = (await post(sandbox, path, body, { authorization })).wrapper();
  if (answer.status !== 'OK') throw new Error(answer.message);
  return schema.parse(JSON.parse(z.string().parse(answer.data_str)));
}

/** The list with completed async jobs. */
export function list(sandbox: KineticaSandbox, options: Record<string, string> = {}, authorization = administrator) {
  return call(jobs, sandbox, '/admin/show/jobs', { options: { show_async_jobs: 'true', ...options } }, authorization);
}

/** Ids go out as they are written, whatever their length. */
export function cancel(
  sandbox: KineticaSandbox,
  ids: readonly string[],
  options: Record<string, string> = {},
  authorization = administrator,
) {
  const body = `{"job_ids":[${ids}],"action":"cancel","options":${JSON.stringify(options)}}`;
  return call(altered, sandbox, '/admin/alter/jobs', body, authorization);
}

export function get(sandbox: KineticaSandbox, id: string, options: Record<string, string> = {}) {
  return call(asyncJob, sandbox, '/get/job', `{"job_id":${id},"options":${JSON.stringify(options)}}`, administrator);
}

export function create(sandbox: KineticaSandbox, request: Record<string, unknown>, authorization = administrator) {
  const body = { endpoint: '/alter/table', request_encoding: 'json', data_str: '{}', options: {}, ...request };
  return call(createdJob, sandbox, '/create/job', body, authorization);
}
