import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Subscription } from './executor.ts';
import type { RunOptions } from './graphql.ts';

type Events = AsyncGenerator<FormattedExecutionResult, undefined, undefined>;
type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * What a subscription sends, one answer at a time: the next is made when the one before has been taken.
 * By hand: a generator can't be ended while it waits for the next happening.
 */
export function createEvents({ source, show }: Subscription, { beginEvent, onEnd }: RunOptions, formatError: FormatError): Events {
  let events = 0;
  let ended = false;
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    if (!ended) {
      ended = true;
      onEnd(events);
      await source.return?.();
    }
    return { done: true, value: undefined };
  };
  const format = (error: GraphQLError): GraphQLFormattedError => {
    const formatted = error.toJSON();
    return formatError({ ...formatted, extensions: { code: 'INTERNAL_SERVER_ERROR', ...formatted.extensions } }, error);
  };
  return {
    async next() {
      if (ended) return end();
      try {
        const happening = await source.next();
        if (happening.done || ended) return await end();
        const { context, finish } = beginEvent();
        const { data, errors } = await show(happening.value, context).finally(finish);
        events += 1;
        return { done: false, value: { ...(errors && { errors: errors.map(format) }), ...(data !== undefined && { data }) } };
      } catch (error) {
        await end();
        return {
          done: false,
          value: { errors: [format(error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error }))] },
        };
      }
    },
    return: end,
    async throw() {
      return end();
    },
    async [Symbol.asyncDispose]() {
      await end();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
