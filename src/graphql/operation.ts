import type { IncomingHttpHeaders } from 'node:http';
import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import type { BeginWork } from './request-context.ts';
import type { Context } from './resolvers/context.ts';

/** An operation, whichever way it came. */
export interface GraphqlParameters {
  query: string | undefined;
  variables: Record<string, unknown> | undefined;
  operationName: string | null;
  extensions: Record<string, unknown> | undefined;
}

/** A GraphQL request as it came over HTTP. */
export interface GraphqlRequest {
  method: string;
  headers: IncomingHttpHeaders;
  /** The query string with its question mark, or ''. */
  search: string;
  /** The parsed JSON body; undefined where there was none or it was of another content type. */
  body: unknown;
  /** What it says, filled in. */
  parameters: GraphqlParameters;
}

export interface BeginOptions {
  beginOperation(): Context;
  /** Asked when the cost of the operation is known, before it is executed. */
  beginWork: BeginWork;
}

export interface RunOptions extends BeginOptions {
  /** For each event of a subscription: what one has read must not stand for the next. `finish`: it has been made. */
  beginEvent(): { context: Context; finish(): void };
  /** Waits until the next event may be made; null: it may be now. */
  takeTurn(): Promise<void> | null;
  callerName: string;
  /** Two callers of the same rights, the credentials that they brought included, see the same. */
  rights: string;
  /** A subscription is over, or its caller has gone. */
  onEnd(events: number): void;
}

/** The answer, or the answers to a subscription. */
export type Run =
  | { kind: 'single'; result: FormattedExecutionResult }
  | { kind: 'events'; events: AsyncGenerator<FormattedExecutionResult, undefined, undefined> };

/** What came of an execution, before its errors are put into words. */
export interface ExecutionResult {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLError[];
}

/** A subscription that has begun: what happens, and how each happening is shown. */
export interface Subscription {
  source: AsyncIterator<unknown>;
  /** See selectionKeyOf. */
  selectionKey: string;
  show(happening: unknown, context: Context): Promise<ExecutionResult>;
}
