import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { ShareRejection } from '../access/share-rejection.ts';

/**
 * The error of an operation that didn't start because its caller must wait. The status and header are for HTTP; other transports have the
 * code and the seconds.
 */
export function toWaitError({ status, code, message, retryAfterSeconds }: ShareRejection): GraphQLError {
  const http = { status, headers: new HeaderMap([['retry-after', String(retryAfterSeconds)]]) };
  const extensions: Record<string, unknown> = { code, retryAfterSeconds, http };
  return new GraphQLError(message, { extensions });
}
