import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';

/** Why a field has no value, if that is no bug. */
export function fieldError(message: string, extensions: GraphQLErrorExtensions): GraphQLError {
  return withoutStack(() => new GraphQLError(message, { extensions }));
}

/** Makes errors without stacks. Expected errors need none, and the stack of one takes as long as the rest of a row; a page can have 500. */
export function withoutStack<Made>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
