import { expect, onTestFinished } from 'vitest';
import type { Limits } from '../../src/config/limits.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

export type Body = { query: string; variables?: Record<string, unknown>; operationName?: string };

/** A Jobyard with these limits, until the test has finished. */
export async function start(limits: Partial<Limits>, options: Parameters<typeof startWithSandboxes>[0] = {}): Promise<WithSandboxes> {
  const started = await startWithSandboxes({ jobs: 3, limits, ...options });
  onTestFinished(() => started.close());
  return started;
}

/** Posts it as a client of GraphQL over HTTP's own media type, which also reads the status of rejections. */
export async function post({ origin }: { origin: string }, body: Body | string, headers: Record<string, string> = {}) {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    ...((await response.json()) as { data?: unknown; errors?: { message: string; extensions: { code: string } }[] }),
  };
}

export function countVendorRequests({ sandboxes }: WithSandboxes): number {
  return Object.values(sandboxes).reduce((sum, { requests }) => sum + requests.count(), 0);
}

/** Expects a rejection before execution, for clients of either media type, with a message that has the reason. */
export async function expectRefused(where: WithSandboxes, body: Body, message: RegExp) {
  const before = countVendorRequests(where);
  const answer = await post(where, body);
  expect({ status: answer.status, data: answer.data }).toEqual({ status: 400, data: undefined });
  expect(answer.errors?.map((error) => error.message).join('\n')).toMatch(message);
  for (const { extensions } of answer.errors ?? []) expect(extensions.code).toMatch(/^(GRAPHQL_VALIDATION_FAILED|GRAPHQL_PARSE_FAILED)$/);
  const legacy = await post(where, body, { accept: 'application/json' });
  expect(legacy.status).toBeLessThan(500);
  expect({ data: legacy.data, errors: legacy.errors }).toEqual({ data: undefined, errors: answer.errors });
  expect(countVendorRequests(where)).toBe(before);
}

export const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');
