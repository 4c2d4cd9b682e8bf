import type { CombinedError } from '@urql/core';

/** Why a request has no data. */
export type Failure =
  /** No credential, or one that Jobyard doesn't know. */
  | { kind: 'unauthenticated'; message: string }
  | { kind: 'denied'; message: string }
  | { kind: 'limited'; message: string; retryAfterSeconds: number }
  /** No response: the request may have been performed. */
  | { kind: 'unreachable' }
  | { kind: 'bug'; requestId: string | null }
  /** Anything else that Jobyard explains. */
  | { kind: 'other'; message: string };

/** What Jobyard sent with an error. */
interface Circumstances {
  status: number | undefined;
  retryAfter: string | null;
  requestId: string | null;
}

const defaultRetrySeconds = 10;

/** Turns urql's error into a failure. */
export function toFailure(error: CombinedError): Failure {
  const response = error.response as Response | undefined;
  const first = error.graphQLErrors[0];
  const code = typeof first?.extensions.code === 'string' ? first.extensions.code : null;
  return describe(code, first?.message ?? null, {
    status: response?.status,
    retryAfter: response?.headers?.get('retry-after') ?? null,
    requestId: response?.headers?.get('x-request-id') ?? null,
  });
}

function describe(code: string | null, message: string | null, { status, retryAfter, requestId }: Circumstances): Failure {
  if (status === 401 || code === 'UNAUTHENTICATED') return { kind: 'unauthenticated', message: message ?? '' };
  if (status === 429 || code === 'RATE_LIMITED') {
    const retryAfterSeconds = Number(retryAfter) || defaultRetrySeconds;
    return { kind: 'limited', message: message ?? '', retryAfterSeconds };
  }
  if (code === 'FORBIDDEN') return { kind: 'denied', message: message ?? '' };
  if (code === 'INTERNAL_SERVER_ERROR') return { kind: 'bug', requestId };
  // A proxy responds for a Jobyard that is away, without GraphQL's error format.
  if (message === null) return { kind: 'unreachable' };
  return { kind: 'other', message };
}

/** Says what happened and what to do. */
export function describeFailure(failure: Failure): string {
  switch (failure.kind) {
    case 'unauthenticated':
      return 'Sign in to see this page.';
    case 'denied':
      return `You can’t see this. ${failure.message}`;
    case 'limited':
      return `Too many requests. Retry in ${Math.ceil(failure.retryAfterSeconds)} s.`;
    case 'unreachable':
      return 'Jobyard is unreachable.';
    case 'bug':
      return failure.requestId === null ? 'Internal error.' : `Internal error. Report request ${failure.requestId}.`;
    case 'other':
      return failure.message;
    default:
      return failure satisfies never;
  }
}
