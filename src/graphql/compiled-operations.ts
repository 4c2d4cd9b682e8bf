import {
  type ASTVisitor,
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import type { Logger } from 'pino';
import { foldOperation } from './folded-operation.ts';
import type { Execute, ExecutionResult } from './operation.ts';

/** An operation that Apollo Server accepted, and how to execute it: by compiled code if possible. */
export interface CompiledOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  execute: Execute;
}

/** A document that is executed this often is worth the milliseconds of compilation. */
const compileAfter = 5;

interface KnownOperation {
  executions: number;
  /** Undefined: it wasn't executed often enough. */
  compiled?: Execute;
}

type Compiler = typeof import('graphql-jit');

/** Counts an execution of the operation. Returns how to execute it, by compiled code if possible; null: it wasn't executed often enough. */
export type Compile = (document: DocumentNode, operationName: string | null) => Execute | null;

/** Compiles operations that are executed repeatedly, with graphql-jit. */
export function createCompile(schema: GraphQLSchema, logger: Logger): Compile {
  // Lives as long as the documents, which Apollo keeps in a bounded store.
  const operations = new WeakMap<DocumentNode, Map<string | null, KnownOperation>>();
  const findCompiler = createCompilerLoad(logger);

  return (document, operationName) => {
    const known = operations.get(document) ?? new Map<string | null, KnownOperation>();
    operations.set(document, known);
    const operation: KnownOperation = known.get(operationName) ?? { executions: 0 };
    known.set(operationName, operation);
    operation.executions += 1;
    const ready = operation.compiled === undefined && operation.executions >= compileAfter ? findCompiler() : null;
    if (ready) operation.compiled = compileOperation(ready, schema, document, operationName);
    return operation.compiled ?? null;
  };
}

/** Compiles the operation as a whole, or a large one by its shapes. Otherwise, graphql-js executes it. */
function compileOperation(compiler: Compiler, schema: GraphQLSchema, document: DocumentNode, operationName: string | null): Execute {
  const interpret = createInterpreter(schema, document, operationName);
  const compile = (part: DocumentNode, name: string | null): Execute | null => {
    const compiled = compiler.compileQuery(schema, part, name ?? undefined);
    return compiler.isCompiledQuery(compiled) ? createExecute(schema, part, name, compiled) : null;
  };
  if (isCompilable([document])) return compile(document, operationName) ?? interpret;
  const operation = getOperationAST(document, operationName);
  const compileAll = (shapes: readonly DocumentNode[]): Execute[] | null => {
    const compiled = isCompilable(shapes) ? shapes.flatMap((shape) => compile(shape, null) ?? []) : [];
    return compiled.length === shapes.length ? compiled : null;
  };
  return (operation && foldOperation(schema, document, operation, compileAll)) ?? interpret;
}

/** Loads graphql-jit on first use, as the first response is faster without it. Null until it is loaded. */
function createCompilerLoad(logger: Logger): () => Compiler | null {
  let compiler: Compiler | 'loading' | null = null;
  return () => {
    if (compiler === null) {
      compiler = 'loading';
      import('graphql-jit').then(
        (loaded) => {
          compiler = loaded;
        },
        (error: unknown) => logger.error({ err: error }, "can't load graphql-jit: operations run without compilation"),
      );
    }
    return compiler === 'loading' ? null : compiler;
  };
}

/** Executes compiled code. Keeps nothing of a request, as it outlives requests. */
function createExecute(schema: GraphQLSchema, document: DocumentNode, operationName: string | null, { query }: CompiledQuery): Execute {
  const inputFieldVariables = inputFieldVariablesOf(document);
  const interpret = createInterpreter(schema, document, operationName);
  return async (context, coerced, variables) => {
    // graphql-jit also ignores the default of an input field whose variable has no value.
    if (inputFieldVariables.some((variable) => !Object.hasOwn(coerced, variable))) return interpret(context, coerced, variables);
    return withExtensions(await query(undefined, context, coerced));
  };
}

/** Executes the operation with graphql-js. */
export function createInterpreter(schema: GraphQLSchema, document: DocumentNode, operationName: string | null): Execute {
  return async (contextValue, _coerced, variableValues) => execute({ schema, document, contextValue, variableValues, operationName });
}

/** graphql-jit's errors lack `extensions` if the thrown error has none; Apollo Server would then neither show nor log the error. */
function withExtensions(result: ExecutionResult): ExecutionResult {
  const { errors } = result;
  if (!errors) return result;
  return { ...result, errors: errors.map((error) => (error.extensions ? error : toOwnError(error))) };
}

function toOwnError({ message, path, locations, originalError }: GraphQLError): GraphQLError {
  return Object.assign(new GraphQLError(message, { path, originalError }), { locations });
}

/**
 * graphql-jit loses variables inside a literal of a custom scalar (representations written in the document) and anything named `__proto__`.
 * It compiles a large document to one function, which takes V8 300 MB and a long time to optimize: 1,400 fields take less time and memory with
 * graphql-js. The shapes of an operation count together.
 */
function isCompilable(documents: readonly DocumentNode[]): boolean {
  let compilable = documents.reduce((count, document) => count + countFields(document), 0) <= maxCompiledFields;
  if (!compilable) return false;
  const visitor: ASTVisitor = {
    Argument({ name, value }) {
      if (name.value === 'representations' && value.kind !== Kind.VARIABLE) compilable = false;
    },
    Name({ value }) {
      if (value === '__proto__') compilable = false;
    },
  };
  for (const document of documents) visit(document, visitor);
  return compilable;
}

const maxCompiledFields = 500;

function inputFieldVariablesOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    ObjectField({ value }) {
      if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/** Counts the fields of all operations, a fragment's fields once per spread. Stops counting when the limit is exceeded. */
function countFields({ definitions }: DocumentNode): number {
  const fragments = new Map<string, SelectionSetNode>();
  for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node.selectionSet);
  let count = 0;
  const add = (selectionSet: SelectionSetNode | undefined): void => {
    for (const selection of selectionSet?.selections ?? []) {
      if (count > maxCompiledFields) return;
      count += 1;
      add(selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection.selectionSet);
    }
  };
  for (const node of definitions) if (node.kind === Kind.OPERATION_DEFINITION) add(node.selectionSet);
  return count;
}
