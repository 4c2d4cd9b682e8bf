import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import type { Problem } from '../../jobs/problem.ts';

/** The error of a field that has no value, if that is expected. */
export function fieldError(message: string, extensions: GraphQLErrorExtensions): GraphQLError {
  return withoutStack(() => new GraphQLError(message, { extensions }));
}

/** Creates errors without stacks. Expected errors need none, and a stack takes as long as the rest of a row; a page can have 500. */
export function withoutStack<Made>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The error of a field with a problem. */
export function toError({ code, message, retryable, retryAfterSeconds }: Problem): GraphQLError {
  return fieldError(message, { code, retryable, retryAfterSeconds });
}
