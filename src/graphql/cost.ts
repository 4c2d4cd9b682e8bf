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
import type { ShareRejection } from '../access/share-rejection.ts';
import { toValidationError } from './document-limits.ts';
import { maxActions } from './resolvers/bad-user-input.ts';
import { defaultRows, maxRows } from './resolvers/job-list.ts';
import { toWaitError } from './wait-error.ts';

/** Checks a parsed operation before it is executed. Resolves if the operation may execute; throws if it is rejected. */
export type OperationCheck<Context extends BaseContext> = (request: GraphQLRequestContextDidResolveOperation<Context>) => Promise<void>;

/** `beginWork` waits until the operation of this context may start; see Place. */
export function createCostCheck<Context extends BaseContext>(
  maxCost: number,
  beginWork: (context: Context, cost: number) => Promise<ShareRejection | null>,
): OperationCheck<Context> {
  return async ({ schema, document, request, operation, operationName, contextValue }) => {
    // The execution reports that no operation has this name.
    if (!operation) return;
    if (!schema.getRootType(operation.operation)) throw toValidationError(`The schema has no ${operation.operation} type.`);
    if (operation.operation === 'subscription' && request.http) throw toValidationError(subscriptionOverHttp);
    const cost = checkCost(schema, document, request.variables ?? {}, operationName, maxCost);
    const rejection = await beginWork(contextValue, cost);
    if (rejection) throw toWaitError(rejection);
  };
}

const subscriptionOverHttp =
  'Subscriptions require a stream: send the header "accept: text/event-stream", or use WebSocket (graphql-transport-ws) at the same URL.';

/** Rejects an operation that can cost more than `maxCost` before it is executed. */
function checkCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  operationName: string | null,
  maxCost: number,
): number {
  const cost = costOf(schema, document, variables, operationName);
  if (typeof cost !== 'number') throw cost;
  if (cost > maxCost)
    throw toValidationError(`The operation can cost ${cost}, more than maxCost (${maxCost}). Request fewer rows or fields.`);
  return cost;
}

/**
 * The maximum cost of the operation's result; 0 if its variables are invalid. According to IBM's cost specification, an object costs 1 or
 * its @cost, a scalar nothing, and a list its @listSize times its items. An error if the cost can't be determined.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
  operationName: string | null,
): number | GraphQLError {
  const known = costsOf(document);
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  // Clients may send tens of thousands of other variables.
  const shapes = definitions.map(({ variable }) => shapeOf(variables[variable.name.value]));
  const shape = `${operationName ?? ''} ${shapes.join()}`;
  let cost = known.get(shape);
  if (cost === undefined) {
    // The execution that follows reports what is invalid.
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

/** Measured costs, by the shape of the variables: the same document is executed repeatedly. */
function costsOf(document: DocumentNode): Map<string, number> {
  let costs = knownCosts.get(document);
  if (!costs) {
    costs = new Map();
    knownCosts.set(document, costs);
  }
  return costs;
}

/** Deeper than any argument. JSON may be nested deeper than functions may recurse. */
const deepestShape = 10;

/** The parts of the variables that a cost can depend on: numbers, booleans, presence, and list lengths. */
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
    // An invalid null, or more fields than it examines.
    if (error instanceof GraphQLError) return toValidationError(error.message);
    throw error;
  }
}

/** Costs a field whose selections have been costed. */
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
    const fieldCost = listSize && size !== null ? shareOf(weight, size, listSize) : weight;
    const sizedFields = listSize && toNames(listSize.sizedFields);
    const isLiveList = !listSize && args.first !== undefined;
    // In a connection, only the fields with its rows are multiplied by the number of rows.
    const perItem =
      sizedFields && node.selectionSet
        ? sumOf(sizedFields, node.selectionSet, costs, fragments)
        : isLiveList && node.selectionSet
          ? rowCostOf(node.selectionSet, costs, fragments)
          : childCost;
    // Each item is read or acted on, whatever is selected.
    const cost = size === null ? weight + childCost : fieldCost + Math.max(0, childCost - perItem) + size * Math.max(1, perItem);
    costs.set(node, cost);
    return cost;
  };
}

/** The list sizes of fields that return the schema, which has no directives on them: a response contains up to 200 kB of it. */
const schemaReaders: Readonly<Record<string, number>> = { __schema: 500, __type: 50, _service: 500 };
/** About as many as the schema's types have, plus the longer lists. */
const introspectionSizes: Readonly<Record<string, number>> = {
  types: 80,
  directives: 20,
  fields: 10,
  enumValues: 5,
  inputFields: 5,
  args: 3,
};
/** The cost of one type, field, argument, or value in an introspection response. */
const introspectionWeight = 0.1;

/** The cost of a field that returns the schema; null for all other fields. */
function costIntrospection(parentType: string, { name, type }: GraphQLField<unknown, unknown>, childCost: number): number | null {
  const ofReader = schemaReaders[name];
  if (ofReader !== undefined) return ofReader + Math.ceil(childCost);
  if (!parentType.startsWith('__') || !isCompositeType(getNamedType(type))) return parentType.startsWith('__') ? 0 : null;
  return (introspectionSizes[name] ?? 1) * (introspectionWeight + childCost);
}

/** The cost of the selected fields with these names, including those in fragments. Fields that @skip skips cost nothing. */
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

/** The cost of one row of a live list, in its page or in the event that has the most. */
function rowCostOf(
  { selections }: SelectionSetNode,
  costs: ReadonlyMap<FieldNode, number>,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  const each = selections.map((selection) => {
    if (selection.kind !== Kind.FIELD) {
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      return fragment ? rowCostOf(fragment.selectionSet, costs, fragments) : 0;
    }
    if (selection.name.value === 'page' && selection.selectionSet)
      return sumOf(['edges', 'nodes'], selection.selectionSet, costs, fragments);
    return selection.name.value === 'job' ? (costs.get(selection) ?? 0) : 0;
  });
  return Math.max(0, ...each);
}

/** The number of items that the field can return. */
function sizeOf(listSize: Record<string, unknown>, field: GraphQLField<unknown, unknown>, args: Record<string, unknown>): number {
  const slicing = slicingArguments(listSize);
  if (slicing.length === 0) return lengthAsked(args) ?? Number(listSize.assumedSize ?? 1);
  // Null requests as many items as an omitted argument.
  const rows = slicing.map((name) => args[name] ?? field.args.find((argument) => argument.name === name)?.defaultValue);
  const sizes = rows.filter((value) => typeof value === 'number');
  if (sizes.length === 0) return Number(listSize.assumedSize ?? 1);
  // The resolver rejects a larger number with a message.
  return Math.min(maxRows, Math.max(0, ...sizes));
}

function slicingArguments(listSize: Record<string, unknown>): readonly string[] {
  return toNames(listSize.slicingArguments) ?? [];
}

/** The cost of `job`, which reads one job. */
const readWeight = 10;

/** The weight of a field that reads a list of IDs is for the longest list. */
function shareOf(weight: number, size: number, listSize: Record<string, unknown>): number {
  if (slicingArguments(listSize).length > 0) return weight;
  return Math.max(Math.min(weight, readWeight), (weight * size) / Number(listSize.assumedSize ?? 1));
}

/**
 * The number of items requested individually: the IDs of a mutation or subscription, the representations of `_entities`, the jobs of a live
 * list. Null if there are none.
 */
function lengthAsked({ input, ids, representations, first }: Record<string, unknown>): number | null {
  // Only lists of connections and of live events have this argument, and @listSize is invalid on an event.
  if (first !== undefined) return Math.min(maxRows, Math.max(0, typeof first === 'number' ? first : defaultRows));
  const asked = typeof input === 'object' && input !== null && 'ids' in input ? input.ids : (ids ?? representations);
  return Array.isArray(asked) ? Math.min(maxActions, asked.length) : null;
}

/** A directive's argument with names; undefined: it has none. */
function toNames(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

function directiveValue(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, name: string): Record<string, unknown> | undefined {
  const directive = schema.getDirective(name);
  return directive && field.astNode ? getDirectiveValues(directive, field.astNode) : undefined;
}
