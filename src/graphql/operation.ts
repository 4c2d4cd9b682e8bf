import type { IncomingHttpHeaders } from 'node:http';
import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import type { BeginWork } from './request-context.ts';
import type { Context } from './resolvers/context.ts';

/** An operation from any transport. */
export interface GraphqlParameters {
  /** Instead of `query`: the ID of a document in a manifest. */
  documentId?: string | undefined;
  query: string | undefined;
  variables: Record<string, unknown> | undefined;
  operationName: string | null;
  extensions: Record<string, unknown> | undefined;
}

/** A GraphQL request over HTTP. */
export interface GraphqlRequest {
  method: string;
  headers: IncomingHttpHeaders;
  /** The query string including its question mark, or ''. */
  search: string;
  /** The parsed JSON body. Undefined without one, or with another content type. */
  body: unknown;
  /** The parameters, with their document. */
  parameters: GraphqlParameters;
}

/** The response to a GraphQL request over HTTP. */
export interface GraphqlResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface BeginOptions {
  beginOperation(): Context;
  /** Called when the cost of the operation is known, before it is executed. */
  beginWork: BeginWork;
}

export interface RunOptions extends BeginOptions {
  /** Called for each event of a subscription, as reads for one must not serve the next. `finish`: the result of the event is created. */
  beginEvent(): { context: Context; finish(): void };
  /** Waits until the next event may be processed. Null: it may be now. */
  takeTurn(): Promise<void> | null;
  callerName: string;
  /** Equal for callers that see the same: with the same scopes and the same vendor credentials. */
  permissionsKey: string;
  /** Called when a subscription has ended, or its client has disconnected. */
  onEnd(events: number): void;
}

/** The result, or the results of a subscription. */
export type Run =
  | { kind: 'single'; result: FormattedExecutionResult }
  | { kind: 'events'; events: AsyncGenerator<FormattedExecutionResult, undefined, undefined> };

/** The result of an execution, before its errors are formatted. */
export interface ExecutionResult {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLError[];
}

/** Executes an operation. `coerced` are the coerced variables, `variables` the original ones. */
export type Execute = (context: Context, coerced: Record<string, unknown>, variables: Record<string, unknown>) => Promise<ExecutionResult>;

/** A started subscription: its events, and how to show each. */
export interface Subscription {
  source: AsyncIterator<unknown>;
  /** See selectionKeyOf. */
  selectionKey: string;
  show(happening: unknown, context: Context): Promise<ExecutionResult>;
}
