import {
  type ArgumentNode,
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type VariableDefinitionNode,
  type VariableNode,
  visit,
} from 'graphql';
import { pairResults } from '../jobs/pair-results.ts';
import type { Execute, ExecutionResult } from './operation.ts';
import { relocateErrors } from './relocate-errors.ts';
import type { Context } from './resolvers/context.ts';

/** A root field of the operation, and the document of its shape. */
interface FoldedField {
  responseName: string;
  node: FieldNode;
  shape: Shape;
  /** The variable of each argument that has one. */
  variableOf: ReadonlyMap<string, string>;
}

/** What equal root fields have in common: all but their aliases and the variables of their arguments. */
interface Shape {
  /** The first field of the shape. */
  node: FieldNode;
  execute: Execute;
}

/** With more shapes, the operation is no repetition of a few. */
const maxShapes = 10;
/** The alias in the document of a shape. */
const alias = 'field';

/**
 * Executes a large query whose root fields repeat a few shapes, such as 100 aliases of `job`: each shape is compiled once, and executed for each of
 * its fields. Null: the query can't be executed like this. `compile`: null if the document of the shape can't be compiled.
 */
export function foldOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  compile: (shape: DocumentNode) => Execute | null,
): Execute | null {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  if (operation.operation !== 'query' || operation.directives?.length || fragments.some(hasVariables)) return null;
  const shapes = new Map<string, Shape>();
  const fields: FoldedField[] = [];
  for (const node of operation.selectionSet.selections) {
    const field = node.kind === Kind.FIELD ? foldField(node, operation, fragments, shapes, compile) : null;
    if (!field || field.responseName === '__proto__' || fields.some(({ responseName }) => responseName === field.responseName)) return null;
    fields.push(field);
  }
  return (context, coerced) => executeFields(fields, context, coerced);
}

function foldField(
  node: FieldNode,
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
  shapes: Map<string, Shape>,
  compile: (shape: DocumentNode) => Execute | null,
): FoldedField | null {
  if (node.directives?.length || (node.selectionSet && hasVariables(node.selectionSet))) return null;
  const variableOf = new Map<string, string>();
  for (const { name, value } of node.arguments ?? []) {
    if (value.kind === Kind.VARIABLE) variableOf.set(name.value, value.name.value);
    else if (hasVariables(value)) return null;
  }
  const definition = toShape(node, operation, variableOf);
  const key = print(definition);
  let shape = shapes.get(key);
  if (!shape) {
    const execute = shapes.size < maxShapes ? compile({ kind: Kind.DOCUMENT, definitions: [definition, ...fragments] }) : null;
    if (!execute) return null;
    shape = { node, execute };
    shapes.set(key, shape);
  }
  return { responseName: node.alias?.value ?? node.name.value, node, shape, variableOf };
}

/** An operation with this field only. Each variable has the name of its argument. */
function toShape(
  node: FieldNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variableOf: ReadonlyMap<string, string>,
): OperationDefinitionNode {
  const definitions = Array.from(variableOf, ([argument, variable]): VariableDefinitionNode[] => {
    const definition = variableDefinitions.find(({ variable: { name } }) => name.value === variable);
    return definition ? [{ kind: Kind.VARIABLE_DEFINITION, variable: toVariable(argument), type: definition.type }] : [];
  });
  const toArgument = (argument: ArgumentNode): ArgumentNode =>
    argument.value.kind === Kind.VARIABLE ? { ...argument, value: toVariable(argument.name.value) } : argument;
  const field: FieldNode = { ...node, alias: toName(alias), arguments: (node.arguments ?? []).map(toArgument) };
  return {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions: definitions.flat(),
    selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
  };
}

function toVariable(name: string): VariableNode {
  return { kind: Kind.VARIABLE, name: toName(name) };
}

function toName(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

/** All fields start in the same tick, so that their reads are batched. */
async function executeFields(fields: readonly FoldedField[], context: Context, coerced: Record<string, unknown>): Promise<ExecutionResult> {
  const results = await Promise.all(
    fields.map(({ shape, variableOf }) => {
      const variables: Record<string, unknown> = {};
      for (const [argument, variable] of variableOf) if (Object.hasOwn(coerced, variable)) variables[argument] = coerced[variable];
      return shape.execute(context, variables, variables);
    }),
  );
  const data: Record<string, unknown> = {};
  const errors: GraphQLError[] = [];
  let isWhole = true;
  for (const [field, result] of pairResults(fields, results)) {
    // The error of a field that can't be null.
    if (!result.data) isWhole = false;
    else data[field.responseName] = result.data[alias];
    if (result.errors) errors.push(...toErrorsOf(field, result.errors));
  }
  return errors.length > 0 ? { data: isWhole ? data : null, errors } : { data };
}

function toErrorsOf({ responseName, node, shape }: FoldedField, errors: readonly GraphQLError[]): GraphQLError[] {
  const inField = ({ path }: GraphQLError) => path && [responseName, ...path.slice(1)];
  return relocateErrors(errors, shape.node, node).map((error) => Object.assign(error, { path: inField(error) }));
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
