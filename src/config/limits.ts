import { z } from 'zod';

/** What one request may ask for, checked before anything is executed, on every transport. All limits are here. */
export const limitsSchema = z.strictObject({
  /** A longer body is not read. */
  maxBodyBytes: whole(1024, 64 * 1024 * 1024).default(1024 * 1024),
  /** Lexical tokens of the document: bounds the parser's work. 100 aliases with a dozen fields are about 2,500. */
  maxTokens: whole(100, 1_000_000).default(15_000),
  /** Fields of the document, those of a fragment as often as it is spread: bounds the work of validation. Spreads count too. */
  maxFields: whole(100, 1_000_000).default(10_000),
  /** Levels of fields. */
  maxDepth: whole(3, 100).default(12),
  maxAliases: whole(1, 10_000).default(500),
  maxDirectives: whole(1, 10_000).default(50),
  /** The sum of @cost over what the document can return, lists at their @listSize. */
  maxCost: whole(1, 10_000_000).default(50_000),
  /** Requests of one caller; null: no limit. Without configured access there are no callers to tell apart, and none is counted. */
  requestsPerMinute: whole(1, 1_000_000).nullable().default(6_000),
  /** Jobs that mutations of one caller name; null: no limit. Not counted without configured access. */
  jobsPerMinute: whole(1, 1_000_000_000).nullable().default(200_000),
  /** Jobs that mutations of one caller act on at one time. Not counted without configured access. */
  maxActionsInFlightPerCaller: whole(1, 10_000_000).default(100_000),
  /** Jobs that mutations of all callers act on at one time. */
  maxActionsInFlight: whole(1, 10_000_000).default(200_000),
  /** WebSockets and event streams of one caller at a time. Not counted without configured access. */
  maxConnectionsPerCaller: whole(1, 1_000_000).default(1_000),
  /**
   * Requests of one caller that wait for a place at one system, reads and actions counted apart. Room for the largest document: of one
   * caller and system, four pages for each place are read at a time. Without configured access: of one request to Jobyard.
   */
  maxQueuedRequestsPerCaller: whole(1, 1_000_000).default(1_000),
  /** TCP connections of all callers at a time. */
  maxConnections: whole(10, 1_000_000).default(4_000),
  /** Operations of one caller at a time, from their admission to their response's end. A subscription counts until its first event is due. */
  maxRequestsInFlightPerCaller: whole(1, 1_000_000).default(1_000),
  /** Bytes of one caller's requests in flight and of the responses that the caller has not taken. A single request may exceed it. */
  maxBytesInFlightPerCaller: whole(1024, 64 * 1024 * 1024 * 1024).default(16 * 1024 * 1024),
  /** The same of all callers. The last quarter is for callers that have nothing in flight. */
  maxBytesInFlight: whole(1024, 64 * 1024 * 1024 * 1024).default(64 * 1024 * 1024),
  /** Jobs that one caller follows and waits for at a time, counted once for each operation. */
  maxFollowedJobsPerCaller: whole(1, 1_000_000).default(5_000),
  /** Operations of one WebSocket at a time. */
  maxSubscriptionsPerConnection: whole(1, 100_000).default(100),
  /** Whether anybody may ask for the schema, by introspection or by the suggestions in error messages. Default: not where NODE_ENV is production. */
  introspection: z.boolean().optional(),
});

export type Limits = z.infer<typeof limitsSchema> & { introspection: boolean };

function whole(least: number, most: number) {
  return z.int('expected a whole number').min(least, `expected at least ${least}`).max(most, `expected at most ${most}`);
}
