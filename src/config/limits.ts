import { z } from 'zod';
import { documentManifestSchema } from './document-manifest.ts';

/** The limits of requests, checked before execution on every transport. All limits are here. */
export const limitsSchema = z.strictObject({
  /** The maximum size of a body. */
  maxBodyBytes: whole(1024, 64 * 1024 * 1024).default(1024 * 1024),
  /** The maximum number of lexical tokens in a document, and of its lines: bounds parsing. 100 aliases with a dozen fields are about 2,500 tokens. */
  maxTokens: whole(100, 1_000_000).default(15_000),
  /** The maximum number of fields and spreads in a document, counting a fragment's fields once per spread: bounds validation. */
  maxFields: whole(100, 1_000_000).default(10_000),
  /** The maximum depth of fields. */
  maxDepth: whole(3, 100).default(12),
  maxAliases: whole(1, 10_000).default(500),
  maxDirectives: whole(1, 10_000).default(50),
  /** The maximum sum of @cost over everything that the document can return, with lists at their @listSize. */
  maxCost: whole(1, 10_000_000).default(50_000),
  /**
   * The maximum number of requests per caller. Null: no limit. Not counted while access control is off, as callers can't be distinguished.
   */
  requestsPerMinute: whole(1, 1_000_000).nullable().default(6_000),
  /** The maximum number of jobs that a caller's mutations name. Null: no limit. Not counted while access control is off. */
  jobsPerMinute: whole(1, 1_000_000_000).nullable().default(200_000),
  /** The maximum number of jobs that a caller's mutations act on at one time. Not counted while access control is off. */
  maxActionsInFlightPerCaller: whole(1, 10_000_000).default(100_000),
  /** The maximum number of jobs that all callers' mutations act on at one time. */
  maxActionsInFlight: whole(1, 10_000_000).default(200_000),
  /** The maximum number of WebSockets and event streams per caller. Not counted while access control is off. */
  maxConnectionsPerCaller: whole(1, 1_000_000).default(1_000),
  /**
   * The maximum number of a caller's requests that wait for one system, counted separately for reads and actions. Enough for the largest
   * document: four pages per place are read at a time for one caller and system. While access control is off: per request to Jobyard.
   */
  maxQueuedRequestsPerCaller: whole(1, 1_000_000).default(1_000),
  /** The maximum number of TCP connections of all callers. */
  maxConnections: whole(10, 1_000_000).default(4_000),
  /**
   * The maximum number of a caller's operations in flight, from admission to the end of the response. A subscription counts until its first
   * event is due.
   */
  maxRequestsInFlightPerCaller: whole(1, 1_000_000).default(1_000),
  /** The maximum number of bytes in a caller's requests in flight and unread responses. A single request may exceed it. */
  maxBytesInFlightPerCaller: whole(1024, 64 * 1024 * 1024 * 1024).default(16 * 1024 * 1024),
  /** The same for all callers. The last quarter is reserved for callers with nothing in flight. */
  maxBytesInFlight: whole(1024, 64 * 1024 * 1024 * 1024).default(64 * 1024 * 1024),
  /** The maximum number of jobs that a caller subscribes to or waits for, counted once per operation. */
  maxWatchedJobsPerCaller: whole(1, 1_000_000).default(5_000),
  /** The maximum number of open operations per WebSocket. */
  maxSubscriptionsPerConnection: whole(1, 100_000).default(100),
  /**
   * Whether callers can get the schema, through introspection or suggestions in error messages. Default: false if NODE_ENV is production,
   * else true.
   */
  introspection: z.boolean().optional(),
  /** all: callers send any document. trusted: only documents in the manifests, except by callers with the scope documents:any. */
  documents: z.enum(['all', 'trusted'], 'expected all or trusted').default('all'),
  /** The documents that callers can send by ID. */
  documentManifests: z.array(documentManifestSchema).default([]),
});

export type Limits = z.infer<typeof limitsSchema> & { introspection: boolean };

function whole(min: number, max: number) {
  return z.int('expected a whole number').min(min, `expected at least ${min}`).max(max, `expected at most ${max}`);
}
