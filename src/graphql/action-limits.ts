import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { anonymous, type Caller } from '../access/caller.ts';
import { createRateLimit } from '../access/rate-limit.ts';
import { endOfOwnSeconds } from '../access/share-rejection.ts';
import type { Limits } from '../config/limits.ts';
import { createActionTurns } from './action-turns.ts';
import type { OperationCheck } from './cost.ts';
import type { StartedContext } from './operation-state.ts';
import { checkActionInput, type SentActionInput } from './resolvers/bad-user-input.ts';
import { toWaitError } from './wait-error.ts';

type ActionLimits = Pick<Limits, 'jobsPerMinute' | 'maxActionsInFlightPerCaller' | 'maxActionsInFlight'>;

/** The maximum time that a mutation waits for others to end before it is rejected. */
const maxWaitMs = 5_000;

/**
 * Rejects a mutation before it executes if its texts are too long (BAD_USER_INPUT), or if it names more jobs than its caller may name per
 * minute or than fit now (RATE_LIMITED). Counts the jobs of rejected mutations and dry runs, too. `checkBefore` runs first, so that no
 * mutation reserves room for jobs while it waits for something else; Apollo Server runs the hooks of several plugins concurrently.
 */
export function createActionLimitsPlugin(
  limits: ActionLimits,
  deadlineMs: number,
  checkBefore: OperationCheck<StartedContext>,
): ApolloServerPlugin<StartedContext> {
  const countJobs = createRateLimit(() => limits.jobsPerMinute);
  const turns = createActionTurns({
    maxJobsPerCaller: limits.maxActionsInFlightPerCaller,
    maxJobs: limits.maxActionsInFlight,
    maxWaitMs: Math.min(maxWaitMs, deadlineMs / 5),
  });

  return {
    async requestDidStart() {
      return {
        async didResolveOperation(requestContext) {
          await checkBefore(requestContext);
          const { document, operation, request, contextValue } = requestContext;
          if (operation?.operation !== 'mutation') return;
          const inputs = findActionInputs(document, operation, request.variables ?? {});
          const jobCount = inputs.reduce<number>((sum, { ids }) => sum + (Array.isArray(ids) ? ids.length : 1), 0);
          if (inputs.length === 0) return;
          const { caller, state } = contextValue;
          const waitSeconds = await countJobs(caller, jobCount);
          if (waitSeconds > 0) throw tooManyJobs(caller, limits.jobsPerMinute, waitSeconds);
          for (const input of inputs) checkActionInput(input);
          const giveBack = await turns.take(caller === anonymous ? null : caller.name, jobCount);
          if (!giveBack) throw noRoom(caller, jobCount);
          state.endActions = giveBack;
        },
        async willSendResponse({ contextValue }) {
          contextValue.state.endActions?.();
        },
      };
    },
    async unexpectedErrorProcessingRequest({ requestContext }) {
      requestContext.contextValue.state.endActions?.();
    },
  };
}

/** The inputs of all mutation fields that name jobs, including fields that a directive skips. */
function findActionInputs(document: DocumentNode, operation: OperationDefinitionNode, given: Record<string, unknown>): SentActionInput[] {
  const variables: Record<string, unknown> = { ...given };
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    if (defaultValue && given[name] === undefined) variables[name] = valueFromASTUntyped(defaultValue);
  }
  const inputs: SentActionInput[] = [];
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value;
        for (const each of document.definitions)
          if (each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name) visit(each.selectionSet);
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet);
        continue;
      }
      const argument = selection.arguments?.find(({ name }) => name.value === 'input');
      const input = argument && valueFromASTUntyped(argument.value, variables);
      if (typeof input !== 'object' || input === null || !('ids' in input)) continue;
      const { ids, reason, idempotencyKey }: Partial<SentActionInput> = input;
      inputs.push({ ids, reason, idempotencyKey });
    }
  };
  visit(operation.selectionSet);
  return inputs;
}

function tooManyJobs({ name }: Caller, jobsPerMinute: number | null, seconds: number): GraphQLError {
  const message = `${name} exceeded jobsPerMinute (${jobsPerMinute}). No action was performed. Retry in ${seconds} seconds.`;
  return rateLimited(message, seconds);
}

function noRoom({ name }: Caller, jobCount: number): GraphQLError {
  const message = `Can't start an action on ${jobCount} jobs for ${name}: too many actions are in progress. No action was performed. Retry in ${endOfOwnSeconds} seconds.`;
  return rateLimited(message, endOfOwnSeconds);
}

function rateLimited(message: string, retryAfterSeconds: number): GraphQLError {
  return toWaitError({ status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds });
}
