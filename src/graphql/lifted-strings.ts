import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type NonNullTypeNode,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  TypeInfo,
  type VariableDefinitionNode,
  type VariableNode,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { ExecutionResult } from './operation.ts';
import { createRelocateError } from './relocate-errors.ts';

/**
 * A document with a variable in place of each string. Clients that write IDs into their documents send a new document with each request: the
 * lifted text is the same for all of them, so it is parsed, validated, and prepared only once.
 */
export interface LiftedDocument {
  text: string;
  /** The strings by the names of their variables. */
  variables: Record<string, string>;
}

const prefix = 'liftedString';
/** With more variables, coercion and compiled code cost more than parsing and validation. */
const maxStrings = 300;
/** Escapes need a parser. GraphQL allows no control characters and no halves of characters in a string (specification, section 2.9.4). */
const notPlain = /[\\\p{Cc}\p{Cs}]/u;

/** Null: the document has no strings or more than 300, or they can't be found without a parser. */
export function liftStrings(query: string): LiftedDocument | null {
  // A quotation mark in a comment, or a block string, doesn't delimit a string.
  if (!query.includes('"') || query.includes('#') || query.includes('"""') || query.includes(`$${prefix}`)) return null;
  const parts = query.split('"', 2 * maxStrings + 2);
  if (parts.length % 2 === 0) return null;
  const variables: Record<string, string> = {};
  let text = '';
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0) {
      text += part;
      continue;
    }
    if (notPlain.test(part)) return null;
    const name = `${prefix}${(index - 1) / 2}`;
    variables[name] = part;
    // The space ends the name.
    text += `$${name} `;
  }
  return { text, variables };
}

/**
 * Parses a lifted text, and adds the definitions of its variables. The document is valid for any strings. Null: for some strings, it may not be, or
 * a string has another type than String or ID, whose values and literals might differ.
 */
export function parseLifted(schema: GraphQLSchema, text: string): DocumentNode | null {
  const document = parseOrNull(text);
  const operations = document?.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION) ?? [];
  const [operation] = operations;
  if (!document || !operation || operations.length > 1) return null;
  const definitions = defineVariables(schema, document);
  if (!definitions) return null;
  const defined: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: [...(operation.variableDefinitions ?? []), ...definitions],
  };
  const whole = { ...document, definitions: document.definitions.map((definition) => (definition === operation ? defined : definition)) };
  return validate(schema, whole, specifiedRules, { maxErrors: 1 }).length === 0 ? whole : null;
}

function parseOrNull(text: string): DocumentNode | null {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

/** Null: a lifted string has another type than String or ID. */
function defineVariables(schema: GraphQLSchema, document: DocumentNode): VariableDefinitionNode[] | null {
  const types = new TypeInfo(schema);
  const definitions: VariableDefinitionNode[] = [];
  let isPossible = true;
  const define = (variable: VariableNode): void => {
    const name = String(types.getInputType()).replace('!', '');
    // Not a list of them, either: it would accept a string, but no variable with one.
    if (name !== 'String' && name !== 'ID') isPossible = false;
    else definitions.push({ kind: Kind.VARIABLE_DEFINITION, variable, type: nonNullTypes[name] });
  };
  const visitor = { Variable: (node: VariableNode) => (node.name.value.startsWith(prefix) ? define(node) : undefined) };
  visit(document, visitWithTypeInfo(types, visitor));
  return isPossible ? definitions : null;
}

const nonNullTypes = { String: toNonNull('String'), ID: toNonNull('ID') };

function toNonNull(name: string): NonNullTypeNode {
  return { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } } };
}

/** The result of a lifted document, with the errors at their locations in the original one. */
export function locateInOriginal(result: ExecutionResult, { text }: LiftedDocument, query: string): ExecutionResult {
  if (!result.errors) return result;
  const relocate = createRelocateError(parse(text), parse(query));
  return { ...result, errors: result.errors.map((error) => relocate(error)) };
}
