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
  getOperationAST,
  getVariableValues,
  isCompositeType,
  Lexer,
  Source,
  TokenKind,
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
  const known = costsOf(document);
  const shape = `${operationName ?? ''} ${shapeOf(variables)}`;
  let cost = known.get(shape);
  if (cost === undefined) {
    const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
    // The execution, which comes next, says what is wrong with them.
    if (getVariableValues(schema, definitions, variables).errors) return;
    cost = measure(schema, document, variables, operationName);
    if (known.size < mostKnownShapes && shape.length <= longestKnownShape) known.set(shape, cost);
  }
  if (cost > maxCost) throw refuse(`The operation could cost ${cost}, more than ${maxCost}. Ask for fewer rows or fewer fields.`);
}

const mostKnownShapes = 100;
/** Variables that nobody uses are part of a shape too. */
const longestKnownShape = 1_000;
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

function measure(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>, operationName: string | null): number {
  try {
    return getComplexity({
      schema,
      query: document,
      variables,
      ...(operationName === null ? {} : { operationName }),
      estimators: [({ field, args, childComplexity }) => costOf(schema, field, args, childComplexity)],
    });
  } catch (error) {
    // A null where none may be, or more fields than it looks at.
    throw error instanceof GraphQLError ? refuse(error.message) : error;
  }
}

export function createCostPlugin(maxCost: number): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, request, operation, operationName }) {
          if (operation && !schema.getRootType(operation.operation)) throw refuse(`There is no ${operation.operation} here.`);
          checkCost(schema, document, request.variables ?? {}, operationName, maxCost);
        },
      };
    },
  };
}

function costOf(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, args: Record<string, unknown>, childCost: number): number {
  const weight = Number(directiveValue(schema, field, 'cost')?.weight ?? (isCompositeType(getNamedType(field.type)) ? 1 : 0));
  const size = sizeOf(schema, field, args);
  // Each item is looked up or acted on, whatever is asked of it.
  return size === null ? weight + childCost : weight + size * Math.max(1, childCost);
}

/** How many items the field can return; null where it is no list, or one whose size nothing tells. */
function sizeOf(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, args: Record<string, unknown>): number | null {
  const listSize = directiveValue(schema, field, 'listSize');
  if (!listSize) return lengthAsked(args);
  const slicing = (listSize.slicingArguments as string[] | undefined) ?? [];
  // A null asks for as many as nothing does.
  const rows = slicing.map((name) => args[name] ?? field.args.find((argument) => argument.name === name)?.defaultValue);
  const sizes = rows.filter((value) => typeof value === 'number');
  return sizes.length > 0 ? Math.max(0, ...sizes) : Number(listSize.assumedSize ?? 1);
}

/** Items that are asked for one by one: the ids of a mutation, the representations of `_entities`. */
function lengthAsked({ input, representations }: Record<string, unknown>): number | null {
  const ids = typeof input === 'object' && input !== null && 'ids' in input ? input.ids : representations;
  return Array.isArray(ids) ? ids.length : null;
}

function directiveValue(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, name: string): Record<string, unknown> | undefined {
  const directive = schema.getDirective(name);
  return directive && field.astNode ? getDirectiveValues(directive, field.astNode) : undefined;
}

/** Deeper than any document that could pass; shallower than what the parser and the validation, which recurse, can take. */
const deepestNesting = 250;

/** Whether brackets stand in each other deeper than that. Looks at tokens only, so that no text can overflow the stack here. */
export function isNestedTooDeep(query: string, maxTokens: number): boolean {
  const lexer = new Lexer(new Source(query));
  let depth = 0;
  try {
    for (let tokens = 0; tokens <= maxTokens; tokens += 1) {
      const { kind } = lexer.advance();
      if (kind === TokenKind.EOF) return false;
      if (opening.has(kind)) depth += 1;
      if (closing.has(kind)) depth -= 1;
      if (depth > deepestNesting) return true;
    }
  } catch {
    // The parser says what is wrong with it.
  }
  return false;
}

const opening: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

function refuse(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
}
