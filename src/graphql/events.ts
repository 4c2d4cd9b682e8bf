import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { FormatError } from './error-format.ts';
import type { RunOptions, Subscription } from './operation.ts';
import type { SharedResults } from './shared-results.ts';

type Events = AsyncGenerator<FormattedExecutionResult, undefined, undefined>;

export interface EventParts {
  formatError: FormatError;
  shared: SharedResults<FormattedExecutionResult>;
}

/**
 * The results of a subscription, one at a time: each is created after the previous one was read, and only once for all subscribers that see
 * the same. Not a generator, which can't be ended while it waits for the next event.
 */
export function createEvents(subscription: Subscription, options: RunOptions, parts: EventParts): Events {
  const { source } = subscription;
  const { onEnd, takeTurn } = options;
  const show = createShow(subscription, options, parts);
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
  return {
    async next() {
      if (ended) return end();
      try {
        const happening = await source.next();
        if (happening.done || ended) return await end();
        const turn = takeTurn();
        if (turn) await turn;
        if (ended) return await end();
        const value = await show(happening.value);
        events += 1;
        return { done: false, value };
      } catch (error) {
        await end();
        return { done: false, value: { errors: [format(asGraphqlError(error), parts.formatError)] } };
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

/** Creates the result for each event, once for all subscriptions that show the same to callers with the same scopes. */
function createShow(
  { selectionKey, show }: Subscription,
  { beginEvent, callerName, permissionsKey }: RunOptions,
  { formatError, shared }: EventParts,
): (happening: unknown) => Promise<FormattedExecutionResult> {
  const key = `${selectionKey} ${permissionsKey}`;
  const make = async (happening: unknown): Promise<FormattedExecutionResult> => {
    const { context, finish } = beginEvent();
    const { data, errors } = await show(happening, context).finally(finish);
    return { ...(errors && { errors: errors.map((error) => format(error, formatError)) }), ...(data !== undefined && { data }) };
  };
  return (happening) => {
    const { copy, name } = identityOf(happening);
    return shared.find(copy, `${key} ${name}`, callerName, () => make(happening));
  };
}

function asGraphqlError(error: unknown): GraphQLError {
  return error instanceof GraphQLError
    ? error
    : new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) });
}

function format(error: GraphQLError, formatError: FormatError): GraphQLFormattedError {
  const formatted = error.toJSON();
  return formatError({ ...formatted, extensions: { code: 'INTERNAL_SERVER_ERROR', ...formatted.extensions } }, error);
}

/** The shown copy, which all subscribers of the job share, and the part that is shown; otherwise, the event itself. */
function identityOf(happening: unknown): { copy: object; name: string } {
  if (!isObject(happening)) return { copy: {}, name: '' };
  // A PlacedJob of a live list.
  if ('kind' in happening && 'afterId' in happening && 'job' in happening && isObject(happening.job)) {
    return { copy: happening.job, name: `${happening.kind} after ${happening.afterId}` };
  }
  // An Observation of a watched job.
  if ('read' in happening && isObject(happening.read) && 'system' in happening && isObject(happening.system) && 'vendorId' in happening) {
    return { copy: happening.read, name: `${'id' in happening.system ? happening.system.id : ''}:${happening.vendorId}` };
  }
  return { copy: happening, name: '' };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
