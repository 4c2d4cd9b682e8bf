import { onTestFinished } from 'vitest';
import { createClock } from '../../../src/sandbox-kit/clock.ts';
import { startKylinSandbox } from '../../../src/vendors/kylin/sandbox/index.ts';
import type { KylinSwitches } from '../../../src/vendors/kylin/sandbox/switches.ts';

export const startMs = Date.UTC(2025, 10, 20, 9, 30);

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses of any shape
  body: any;
}

/** A sandbox on a stopped clock, without jobs and arrivals by default, and a plain HTTP client for it. */
export async function startSandbox(options: { jobs?: number; seed?: number; latencyMs?: number; switches?: Partial<KylinSwitches> } = {}) {
  const clock = createClock({ frozen: true, startAtMs: startMs });
  const sandbox = await startKylinSandbox({ jobs: 0, ...options, clock, switches: { arrivals: false, ...options.switches } });
  onTestFinished(() => sandbox.close());

  async function call(
    method: string,
    path: string,
    init: { headers?: Record<string, string | null>; body?: unknown } = {},
  ): Promise<Reply> {
    const headers: Record<string, string | null> = {
      accept: 'application/vnd.apache.kylin-v4-public+json',
      authorization: basic('ADMIN', 'KYLIN'),
      ...(init.body !== undefined && { 'content-type': 'application/json;charset=utf-8' }),
      ...init.headers,
    };
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null)),
      ...(init.body !== undefined && { body: typeof init.body === 'string' ? init.body : JSON.stringify(init.body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  }

  return {
    ...sandbox,
    call,
    list: (query: string, headers: Record<string, string | null> = {}) => call('GET', `/jobs?${query}`, { headers }),
    put: (body: unknown, headers: Record<string, string | null> = {}) => call('PUT', '/jobs/status', { body, headers }),
    /** The row of one job, by the search that clients use. */
    async row(id: string) {
      const { body } = await call('GET', `/jobs?time_filter=4&key=${id}`);
      return body.data.value.find((job: { id: string }) => job.id === id);
    },
  };
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
