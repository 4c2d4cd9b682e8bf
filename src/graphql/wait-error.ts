import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { ShareRefusal } from '../access/share-refusal.ts';

/** An operation that was not begun as its caller has to wait. The status and the header are for HTTP; other transports have the code and the seconds. */
export function toWaitError({ status, code, message, retryAfterSeconds }: ShareRefusal): GraphQLError {
  const http = { status, headers: new HeaderMap([['retry-after', String(retryAfterSeconds)]]) };
  const extensions: Record<string, unknown> = { code, retryAfterSeconds, http };
  return new GraphQLError(message, { extensions });
}
