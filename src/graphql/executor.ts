import { type ApolloServerOptionsWithGateway, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import type { Logger } from 'pino';
import type { CompiledOperation, Execute } from './prepared-operations.ts';
import type { Context } from './resolvers/context.ts';
import { selectionKeyOf } from './shared-results.ts';

type Gateway = ApolloServerOptionsWithGateway<never>['gateway'];

export interface ExecutionResult {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLError[];
}

/** A document that comes this often is worth the milliseconds that compiling takes. */
const compileAfter = 5;

interface KnownOperation {
  executions: number;
  /** Null: it can't be. Undefined: not yet. */
  compiled?: Execute | null;
}

type Compiler = typeof import('graphql-jit');

/** A subscription that has begun: what happens, and how each happening is shown. */
export interface Subscription {
  source: AsyncIterator<unknown>;
  /** See selectionKeyOf. */
  selectionKey: string;
  show(happening: unknown, context: Context): Promise<ExecutionResult>;
}

/** What of a request is executed. */
interface Execution {
  document: DocumentNode;
  operation?: OperationDefinitionNode | undefined;
  operationName?: string | null | undefined;
  request: { query?: string | undefined; operationName?: string | undefined; variables?: Record<string, unknown> | undefined };
}

/** The two places at which Apollo Server lets an operation be executed by others. */
export interface Executor {
  /** Makes Apollo Server respond with the result of an operation that has been executed already. */
  handOver(context: Context, execution: Promise<ExecutionResult>): void;
  /** Given a schema of its own, Apollo wraps each field, which costs more than compiling saves. */
  gateway: Gateway;
  /**
   * Executes, and answers where no error came of it; else the gateway answers with what came of it, as only there Apollo formats errors.
   * Not all by the gateway: the context that Apollo makes for it keeps the whole request in memory until the next full collection.
   */
  plugin: ApolloServerPlugin<Context>;
}

/**
 * Executes with graphql-js and, what comes again and again, with code that graphql-jit compiles for the document.
 * A subscription is handed to `onSubscribe`, with the context it has begun in; its own answer is none.
 */
export function createExecutor(
  schema: GraphQLSchema,
  logger: Logger,
  onSubscribe: (context: Context, subscription: Subscription) => void,
  onCompiled: (request: Execution['request'], compiled: CompiledOperation) => void,
): Executor {
  // With the documents, which Apollo keeps in a bounded store.
  const operations = new WeakMap<DocumentNode, Map<string | null, KnownOperation>>();
  // Loaded when it is first wanted: the first answer comes sooner without.
  let compiler: Compiler | 'loading' | null = null;
  const findCompiler = (): Compiler | null => {
    if (compiler === null) {
      compiler = 'loading';
      import('graphql-jit').then(
        (loaded) => {
          compiler = loaded;
        },
        (error: unknown) => logger.error({ err: error }, 'graphql-jit can not be loaded: all goes on, and takes longer'),
      );
    }
    return compiler === 'loading' ? null : compiler;
  };

  /** Executes with compiled code. Holds nothing of any request: it is kept. */
  const createExecute = (document: DocumentNode, operationName: string | null, { query }: CompiledQuery): Execute => {
    const inputFieldVariables = inputFieldVariablesOf(document);
    return async (contextValue, coerced, variableValues) => {
      // graphql-jit forgets the default of an input field, too, whose variable has no value.
      if (inputFieldVariables.some((variable) => !Object.hasOwn(coerced, variable)))
        return execute({ schema, document, contextValue, variableValues, operationName });
      return withExtensions((await query(undefined, contextValue, coerced)) as ExecutionResult);
    };
  };

  const compile = (document: DocumentNode, operationName: string | null): Execute | null => {
    const known = operations.get(document) ?? new Map<string | null, KnownOperation>();
    operations.set(document, known);
    const operation: KnownOperation = known.get(operationName) ?? { executions: 0 };
    known.set(operationName, operation);
    operation.executions += 1;
    const ready = operation.compiled === undefined && operation.executions >= compileAfter ? findCompiler() : null;
    if (ready) {
      operation.compiled = null;
      const compiled = isCompilable(document) ? ready.compileQuery(schema, document, operationName ?? undefined) : null;
      if (compiled && ready.isCompiledQuery(compiled)) operation.compiled = createExecute(document, operationName, compiled);
    }
    return operation.compiled ?? null;
  };

  const run = async ({ document, operation, operationName, request }: Execution, context: Context): Promise<ExecutionResult> => {
    const variables = request.variables ?? {};
    if (operation?.operation === 'subscription') {
      const execution = { schema, document, variableValues: variables, operationName };
      const source = await createSourceEventStream({ ...execution, contextValue: context });
      if (!(Symbol.asyncIterator in source)) return source;
      const show = async (happening: unknown, contextValue: Context) => execute({ ...execution, rootValue: happening, contextValue });
      const selectionKey = selectionKeyOf(document, operationName ?? null, variables);
      onSubscribe(context, { source: source[Symbol.asyncIterator](), selectionKey, show });
      return { data: {} };
    }
    const executeCompiled = operation ? compile(document, operationName ?? null) : null;
    if (!operation || !executeCompiled) {
      // The name as asked for: where no operation has it, that is what is wrong.
      const name = operationName ?? request.operationName;
      return execute({ schema, document, contextValue: context, variableValues: variables, operationName: name });
    }
    if (operation.operation === 'query') onCompiled(request, { document, operation, execute: executeCompiled });
    // By graphql-js: graphql-jit forgets defaults of input fields, and says it in other words where a variable is wrong.
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 50 });
    return errors ? { errors } : executeCompiled(context, coerced, variables);
  };

  // Those that errors came of. By the operation on jobs and not by the context, of which Apollo Server makes a copy.
  const executed = new WeakMap<Context['jobs'], Promise<ExecutionResult>>();
  return {
    handOver: ({ jobs }, execution) => void executed.set(jobs, execution),
    plugin: {
      async requestDidStart() {
        return {
          async responseForOperation(requestContext) {
            const { contextValue } = requestContext;
            if (executed.has(contextValue.jobs)) return null;
            const execution = run(requestContext, contextValue);
            const result = await execution.catch(() => null);
            if (result?.data && !result.errors) {
              const body = { kind: 'single', singleResult: { data: result.data } } as const;
              return { http: { headers: new HeaderMap() }, body };
            }
            executed.set(contextValue.jobs, execution);
            return null;
          },
        };
      },
    },
    gateway: {
      async load() {
        return { executor: async ({ context }) => (await executed.get((context as Context).jobs)) ?? {} };
      },
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => {};
      },
      async stop() {},
    },
  };
}

/** graphql-jit's errors lack `extensions` where what was thrown has none, and Apollo Server then shows and logs nothing of them. */
function withExtensions(result: ExecutionResult): ExecutionResult {
  const { errors } = result;
  if (!errors) return result;
  return { ...result, errors: errors.map((error) => (error.extensions ? error : toOwnError(error))) };
}

function toOwnError({ message, path, locations, originalError }: GraphQLError): GraphQLError {
  return Object.assign(new GraphQLError(message, { path, originalError }), { locations });
}

/**
 * graphql-jit loses variables that stand inside a literal of a custom scalar (representations written out in the document) and
 * whatever is called `__proto__`. Of a large document it makes one function, which V8 takes 300 MB for and long to make fast: 1,400 fields
 * (100 aliases) take less time and memory with graphql-js.
 */
function isCompilable(document: DocumentNode): boolean {
  let compilable = countFields(document) <= maxCompiledFields;
  if (!compilable) return false;
  visit(document, {
    Argument({ name, value }) {
      if (name.value === 'representations' && value.kind !== Kind.VARIABLE) compilable = false;
    },
    Name({ value }) {
      if (value === '__proto__') compilable = false;
    },
  });
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

/** The fields of all operations, those of a fragment as often as it is spread; counts no further than needed. */
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
