import type { ApolloServerPlugin } from '@apollo/server';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  isCompositeType,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { getComplexity } from 'graphql-query-complexity';
import type { Limits } from './limits.ts';

/** What a document may look like, whatever its variables. Every violation is an ordinary validation error. */
export function createDocumentRules(limits: Limits): ValidationRule[] {
  // Reported, not thrown: a thrown one would be answered as if the server had failed.
  const options = {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null, error: GraphQLError) => context?.reportError(refuse(error.message.replace('Syntax Error: ', ''))),
    ],
  };
  return [
    maxDepthRule({ n: limits.maxDepth, ...options }),
    maxAliasesRule({ n: limits.maxAliases, ...options }),
    maxDirectivesRule({ n: limits.maxDirectives, ...options }),
  ] as unknown as ValidationRule[];
}

/**
 * Refuses an operation that could return more than `maxCost`, before it is executed.
 * By IBM's cost specification: an object costs 1 or its @cost, a scalar nothing, and a list its @listSize times its items.
 */
export function checkCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  operationName: string | null,
  maxCost: number,
): void {
  const cost = getComplexity({
    schema,
    query: document,
    variables,
    ...(operationName === null ? {} : { operationName }),
    estimators: [({ field, args, childComplexity }) => costOf(schema, field, args, childComplexity)],
  });
  if (cost > maxCost) throw refuse(`The operation could cost ${cost}, more than ${maxCost}. Ask for fewer rows or fewer fields.`);
}

export function createCostPlugin(maxCost: number): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, request, operationName }) {
          checkCost(schema, document, request.variables ?? {}, operationName, maxCost);
        },
      };
    },
  };
}

function costOf(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, args: Record<string, unknown>, childCost: number): number {
  const weight = Number(directiveValue(schema, field, 'cost')?.weight ?? (isCompositeType(getNamedType(field.type)) ? 1 : 0));
  const listSize = directiveValue(schema, field, 'listSize');
  if (!listSize) return weight + childCost;
  const slicing = (listSize.slicingArguments as string[] | undefined) ?? [];
  const sizes = slicing.flatMap((name) => sizeOf(args[name]) ?? []);
  const size = sizes.length > 0 ? Math.max(...sizes) : Number(listSize.assumedSize ?? 1);
  return weight + size * childCost;
}

/** A number of rows asked for, or the length of a list of ids. */
function sizeOf(argument: unknown): number | undefined {
  if (typeof argument === 'number') return Math.max(0, argument);
  return Array.isArray(argument) ? argument.length : undefined;
}

function directiveValue(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, name: string): Record<string, unknown> | undefined {
  const directive = schema.getDirective(name);
  return directive && field.astNode ? getDirectiveValues(directive, field.astNode) : undefined;
}

function refuse(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
}
