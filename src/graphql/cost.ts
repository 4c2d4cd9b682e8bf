import type { BaseContext, GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  getVariableValues,
  isCompositeType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { type ComplexityEstimatorArgs, getComplexity } from 'graphql-query-complexity';
import type { ShareRefusal } from '../access/share-refusal.ts';
import { refuse } from './document-limits.ts';
import { maxActions } from './resolvers/bad-user-input.ts';
import { maxRows } from './resolvers/job-list.ts';
import { toWaitError } from './wait-error.ts';

/** A check of an operation that has been parsed, before it is executed: resolves if the operation can be executed, and throws if it is rejected. */
export type OperationCheck<Context extends BaseContext> = (request: GraphQLRequestContextDidResolveOperation<Context>) => Promise<void>;

/** `beginWork` waits until the operation of this context may begin; see Place. */
export function createCostCheck<Context extends BaseContext>(
  maxCost: number,
  beginWork: (context: Context, cost: number) => Promise<ShareRefusal | null>,
): OperationCheck<Context> {
  return async ({ schema, document, request, operation, operationName, contextValue }) => {
    // The execution says that there is none of this name.
    if (!operation) return;
    if (!schema.getRootType(operation.operation)) throw refuse(`The schema has no ${operation.operation} type.`);
    if (operation.operation === 'subscription' && request.http) throw refuse(subscriptionOverHttp);
    const cost = checkCost(schema, document, request.variables ?? {}, operationName, maxCost);
    const refusal = await beginWork(contextValue, cost);
    if (refusal) throw toWaitError(refusal);
  };
}

const subscriptionOverHttp =
  'Subscriptions require a stream: send the header "accept: text/event-stream", or use WebSocket (graphql-transport-ws) at the same URL.';

/** The cost of an operation. Refuses one that could return more than `maxCost`, before it is executed. */
function checkCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  operationName: string | null,
  maxCost: number,
): number {
  const cost = costOf(schema, document, variables, operationName);
  if (typeof cost !== 'number') throw cost;
  if (cost > maxCost) throw refuse(`The operation can cost ${cost}, more than maxCost (${maxCost}). Request fewer rows or fields.`);
  return cost;
}

/**
 * What an operation could return; 0 where its variables are wrong. By IBM's cost specification: an object costs 1 or its @cost, a scalar nothing,
 * and a list its @listSize times its items. An error where it can't be told.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  operationName: string | null,
): number | GraphQLError {
  const known = costsOf(document);
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  // Others may be sent, too, by the ten thousand.
  const shapes = definitions.map(({ variable }) => shapeOf(variables[variable.name.value]));
  const shape = `${operationName ?? ''} ${shapes.join()}`;
  let cost = known.get(shape);
  if (cost === undefined) {
    // The execution, which comes next, says what is wrong with them.
    if (getVariableValues(schema, definitions, variables).errors) return 0;
    const measured = measure(schema, document, variables, operationName);
    if (typeof measured !== 'number') return measured;
    cost = measured;
    if (known.size < maxKnownShapes && shape.length <= maxKnownShape) known.set(shape, cost);
  }
  return cost;
}

const maxKnownShapes = 100;
/** A variable that is an object may have any keys. */
const maxKnownShape = 1_000;
const knownCosts = new WeakMap<DocumentNode, Map<string, number>>();

/** Costs measured before, by the shape of the variables: the same document comes again and again. */
function costsOf(document: DocumentNode): Map<string, number> {
  let costs = knownCosts.get(document);
  if (!costs) {
    costs = new Map();
    knownCosts.set(document, costs);
  }
  return costs;
}

/** Deeper than any argument; JSON may be nested deeper than functions may call themselves. */
const deepestShape = 10;

/** What of the variables a cost can depend on: numbers, booleans, what is there, and how long lists are. */
function shapeOf(value: unknown, depth = 0): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'object' && value !== null) {
    if (depth === deepestShape) return '{…}';
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}:${shapeOf(member, depth + 1)}`)
      .join()}}`;
  }
  return typeof value === 'string' ? 's' : String(value);
}

function measure(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  operationName: string | null,
): number | GraphQLError {
  try {
    return getComplexity({
      schema,
      query: document,
      variables,
      ...(operationName === null ? {} : { operationName }),
      estimators: [createEstimator(schema, document)],
    });
  } catch (error) {
    // A null where none may be, or more fields than it looks at.
    if (error instanceof GraphQLError) return refuse(error.message);
    throw error;
  }
}

/** Costs a field; those inside it have been costed before. */
function createEstimator(schema: GraphQLSchema, document: DocumentNode): (field: ComplexityEstimatorArgs) => number {
  const costs = new Map<FieldNode, number>();
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );

  return ({ type, field, node, args, childComplexity: childCost }) => {
    const ofIntrospection = costIntrospection(type.name, field, childCost);
    if (ofIntrospection !== null) return ofIntrospection;
    const weight = Number(directiveValue(schema, field, 'cost')?.weight ?? (isCompositeType(getNamedType(field.type)) ? 1 : 0));
    const listSize = directiveValue(schema, field, 'listSize');
    const size = listSize ? sizeOf(listSize, field, args) : lengthAsked(args);
    const sizedFields = listSize?.sizedFields as string[] | undefined;
    // Of a connection only the fields that hold its rows come as often as there are rows.
    const perItem = sizedFields && node.selectionSet ? sumOf(sizedFields, node.selectionSet, costs, fragments) : childCost;
    // Each item is looked up or acted on, whatever is asked of it.
    const cost = size === null ? weight + childCost : weight + Math.max(0, childCost - perItem) + size * Math.max(1, perItem);
    costs.set(node, cost);
    return cost;
  };
}

/** Of the fields that read the schema, which has no directives on them: a response holds up to 200 kB of it. */
const schemaReaders: Readonly<Record<string, number>> = { __schema: 500, __type: 50, _service: 500 };
/** About as many as the types of the schema have, and those that are longer. */
const introspectionSizes: Readonly<Record<string, number>> = {
  types: 80,
  directives: 20,
  fields: 10,
  enumValues: 5,
  inputFields: 5,
  args: 3,
};
/** Of one type, field, argument or value that introspection shows. */
const introspectionWeight = 0.1;

/** The cost of a field that shows the schema; null for all others. */
function costIntrospection(parentType: string, { name, type }: GraphQLField<unknown, unknown>, childCost: number): number | null {
  const ofReader = schemaReaders[name];
  if (ofReader !== undefined) return ofReader + Math.ceil(childCost);
  if (!parentType.startsWith('__') || !isCompositeType(getNamedType(type))) return parentType.startsWith('__') ? 0 : null;
  return (introspectionSizes[name] ?? 1) * (introspectionWeight + childCost);
}

/** What the fields of these names cost that are selected here, in fragments too. What @skip leaves out has no cost. */
function sumOf(
  names: readonly string[],
  { selections }: SelectionSetNode,
  costs: ReadonlyMap<FieldNode, number>,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  let sum = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      if (names.includes(selection.name.value)) sum += costs.get(selection) ?? 0;
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (fragment) sum += sumOf(names, fragment.selectionSet, costs, fragments);
  }
  return sum;
}

/** How many items the field can return. */
function sizeOf(listSize: Record<string, unknown>, field: GraphQLField<unknown, unknown>, args: Record<string, unknown>): number {
  const slicing = (listSize.slicingArguments as string[] | undefined) ?? [];
  // A null asks for as many as nothing does.
  const rows = slicing.map((name) => args[name] ?? field.args.find((argument) => argument.name === name)?.defaultValue);
  const sizes = rows.filter((value) => typeof value === 'number');
  if (sizes.length === 0) return Number(listSize.assumedSize ?? 1);
  // More than there can be is refused by the resolver, which says what is wrong with it.
  return Math.min(maxRows, Math.max(0, ...sizes));
}

/** Items that are asked for one by one: the ids of a mutation or a subscription, the representations of `_entities`; null where there are none. */
function lengthAsked({ input, ids, representations }: Record<string, unknown>): number | null {
  const asked = typeof input === 'object' && input !== null && 'ids' in input ? input.ids : (ids ?? representations);
  return Array.isArray(asked) ? Math.min(maxActions, asked.length) : null;
}

function directiveValue(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, name: string): Record<string, unknown> | undefined {
  const directive = schema.getDirective(name);
  return directive && field.astNode ? getDirectiveValues(directive, field.astNode) : undefined;
}
