import {
  type ArgumentNode,
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type VariableDefinitionNode,
  type VariableNode,
  visit,
} from 'graphql';
import { entryOf, pairResults } from '../jobs/pair-results.ts';
import type { Execute, ExecutionResult } from './operation.ts';
import { createRelocateError } from './relocate-errors.ts';
import type { Context } from './resolvers/context.ts';

/** What root fields have in common that differ only in their aliases and in the variables of their arguments. */
interface Shape {
  /** The first of these fields. */
  node: FieldNode;
  execute: Execute;
}

/** A root field of the query. */
interface FoldedField {
  responseName: string;
  node: FieldNode;
  shape: Shape;
  /** The query's variables, by the argument whose value they are. */
  variableOf: ReadonlyMap<string, string>;
}

/** With more shapes, the query doesn't repeat a few. */
const maxShapes = 10;
/** The alias of each shape's field. */
const alias = 'field';

/**
 * How to execute a large query whose root fields repeat a few shapes, such as 100 aliases of `job`: each field by the code of its shape. Null: it
 * doesn't repeat a few shapes, its variables occur elsewhere than as values of root fields' arguments, or `compile` returned null.
 */
export function foldOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  compile: (shapes: readonly DocumentNode[]) => readonly Execute[] | null,
): Execute | null {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  if (operation.operation !== OperationTypeNode.QUERY || operation.directives?.length || fragments.some(hasVariables)) return null;
  const rootFields = schema.getQueryType()?.getFields() ?? {};
  const shapes = new Map<string, Pick<Shape, 'node'> & { document: DocumentNode }>();
  const fields = new Map<string, Omit<FoldedField, 'shape'> & { key: string }>();
  for (const node of operation.selectionSet.selections) {
    if (node.kind !== Kind.FIELD) return null;
    const variables = findVariables(node, operation, rootFields[node.name.value]);
    const responseName = node.alias?.value ?? node.name.value;
    if (!variables || fields.has(responseName) || responseName === '__proto__') return null;
    const shape = toShape(node, variables);
    const key = print(shape);
    if (!shapes.has(key)) shapes.set(key, { node, document: { kind: Kind.DOCUMENT, definitions: [shape, ...fragments] } });
    if (shapes.size > maxShapes) return null;
    const variableOf = new Map(Array.from(variables, ([argument, { variable }]) => [argument, variable.name.value]));
    fields.set(responseName, { responseName, node, key, variableOf });
  }
  const executes = compile(Array.from(shapes.values(), (shape) => shape.document));
  if (!executes) return null;
  const shapeOf = new Map(pairResults([...shapes], executes).map(([[key, { node }], execute]) => [key, { node, execute }]));
  const folded = Array.from(fields.values(), ({ key, ...field }) => ({ ...field, shape: entryOf(shapeOf, key) }));
  return (context, coerced) => executeFields(folded, context, coerced);
}

/** All fields start in the same tick, so that their reads are batched. */
async function executeFields(fields: readonly FoldedField[], context: Context, coerced: Record<string, unknown>): Promise<ExecutionResult> {
  const results = await Promise.all(fields.map((field) => executeField(field, context, coerced)));
  const data: Record<string, unknown> = {};
  const errors: GraphQLError[] = [];
  for (const [field, result] of pairResults(fields, results)) {
    if (result.errors) errors.push(...toErrorsOf(field, result.errors));
    // A field that can't be null has failed: graphql-js doesn't report the errors of the following ones.
    if (!result.data) return { data: null, errors };
    data[field.responseName] = result.data[alias];
  }
  return errors.length > 0 ? { data, errors } : { data };
}

function executeField({ shape, variableOf }: FoldedField, context: Context, coerced: Record<string, unknown>): Promise<ExecutionResult> {
  const variables: Record<string, unknown> = {};
  for (const [argument, variable] of variableOf) if (Object.hasOwn(coerced, variable)) variables[argument] = coerced[variable];
  return shape.execute(context, variables, variables);
}

function toErrorsOf({ responseName, node, shape }: FoldedField, errors: readonly GraphQLError[]): GraphQLError[] {
  const relocate = createRelocateError(shape.node, node);
  return errors.map((error) => relocate(error, error.path && [responseName, ...error.path.slice(1)]));
}

/** The definition of each argument's variable. Null: variables occur elsewhere, or one may be null where its argument must not. */
function findVariables(
  node: FieldNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
  field: GraphQLField<unknown, unknown> | undefined,
): Map<string, VariableDefinitionNode> | null {
  if (node.directives?.length || (node.selectionSet && hasVariables(node.selectionSet))) return null;
  const found = new Map<string, VariableDefinitionNode>();
  for (const { name, value } of node.arguments ?? []) {
    if (value.kind !== Kind.VARIABLE) {
      if (hasVariables(value)) return null;
      continue;
    }
    const type = field?.args.find((argument) => argument.name === name.value)?.type;
    const definition = variableDefinitions.find(({ variable }) => variable.name.value === value.name.value);
    if (!type || !definition || (isNonNullType(type) && definition.type.kind !== Kind.NON_NULL_TYPE)) return null;
    found.set(name.value, definition);
  }
  return found;
}

/** An operation with this field only. Each variable has the name of its argument. */
function toShape(node: FieldNode, variables: ReadonlyMap<string, VariableDefinitionNode>): OperationDefinitionNode {
  const toArgument = (argument: ArgumentNode): ArgumentNode =>
    argument.value.kind === Kind.VARIABLE ? { ...argument, value: toVariable(argument.name.value) } : argument;
  return {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions: Array.from(variables, ([argument, { type }]) => ({
      kind: Kind.VARIABLE_DEFINITION,
      variable: toVariable(argument),
      type,
    })),
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [{ ...node, alias: toName(alias), arguments: (node.arguments ?? []).map(toArgument) }],
    },
  };
}

function toVariable(name: string): VariableNode {
  return { kind: Kind.VARIABLE, name: toName(name) };
}

function toName(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

function hasVariables(node: ASTNode): boolean {
  let found = false;
  visit(node, {
    Variable() {
      found = true;
    },
  });
  return found;
}
