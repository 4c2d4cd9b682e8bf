import type { SandboxAnswer } from '../../../sandbox-kit/exchange.ts';

/** A response that isn't the requested one. */
export interface Rejection {
  status: number;
  body: unknown;
}

/** What FastAPI says about one part of a request. */
export interface Invalid {
  type: string;
  loc: readonly (string | number)[];
  msg: string;
  input: unknown;
}

export const notAuthenticated: Rejection = { status: 401, body: { detail: 'Not authenticated' } };
export const tokenExpired: Rejection = { status: 401, body: { detail: 'Token Expired' } };
export const invalidToken: Rejection = { status: 403, body: { detail: 'Invalid JWT token' } };
export const forbidden: Rejection = { status: 403, body: { detail: 'Forbidden' } };
export const noSuchRoute: Rejection = { status: 404, body: { error: 'API route not found' } };
export const methodNotAllowed: Rejection = { status: 405, body: { detail: 'Method Not Allowed' } };

export function runNotFound(dagId: string, runId: string): Rejection {
  return { status: 404, body: { detail: `The DagRun with dag_id: \`${dagId}\` and run_id: \`${runId}\` was not found` } };
}

export function dagNotFound(dagId: string): Rejection {
  return { status: 404, body: { detail: `Dag with id ${dagId} was not found` } };
}

/** From a trigger. */
export function triggeredDagNotFound(dagId: string): Rejection {
  return { status: 404, body: { detail: `Dag with dag_id: '${dagId}' not found` } };
}

/** From the list of a DAG's runs, which has other words. */
export function dagListNotFound(dagId: string): Rejection {
  return { status: 404, body: { detail: `The Dag with ID: \`${dagId}\` was not found` } };
}

export function badRequest(detail: string): Rejection {
  return { status: 400, body: { detail } };
}

export function invalid(...detail: readonly Invalid[]): Rejection {
  return { status: 422, body: { detail } };
}

export function unprocessable(detail: string): Rejection {
  return { status: 422, body: { detail } };
}

const hiddenMessage =
  'Serious error when handling your request. Check logs for more details - you will find it in api server when you look for ID aV3kQ9wT';

/** A time without a zone in a query reaches the database, which rejects it. */
export function databaseError(): Rejection {
  const detail = { reason: 'Database error', statement: 'hidden', orig_error: 'hidden', message: hiddenMessage };
  return { status: 500, body: { detail } };
}

export function duplicate(): Rejection {
  const detail = { reason: 'Unique constraint violation', statement: 'hidden', orig_error: 'hidden', message: hiddenMessage };
  return { status: 409, body: { detail } };
}

export function isRejection(value: object): value is Rejection {
  return 'status' in value && 'body' in value;
}

export function toAnswer(status: number, body: unknown): SandboxAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: body === undefined ? '' : JSON.stringify(body) };
}
