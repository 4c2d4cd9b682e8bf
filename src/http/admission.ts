import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Authenticate, Authentication } from '../access/authenticate.ts';
import { anonymous, type Caller } from '../access/caller.ts';
import { createRateLimit } from '../access/rate-limit.ts';
import type { ShareRejection } from '../access/share-rejection.ts';
import type { Limits } from '../config/limits.ts';
import { checkDocument } from '../graphql/document-limits.ts';

/** The checks before every operation on every transport: HTTP, server-sent events, and WebSocket. */
export interface Admission {
  authenticate(headers: IncomingHttpHeaders): Promise<Authentication>;
  /** Counts a request. Returns the seconds that the caller must wait (0: allowed). */
  consumeRateLimit(caller: Caller): Promise<number>;
  /** Why a document is rejected before validation, or null. */
  checkDocument(query: string): string | null;
  /** Discards the results of previous checks after a change of the limits. */
  forgetDocuments(): void;
  /** Counts an open connection. Returns a function that ends it; null: the caller has reached its limit. */
  openConnection(caller: Caller): (() => void) | null;
}

export interface AdmissionOptions {
  authenticate: Authenticate;
  limits: Limits;
}

export function createAdmission({ authenticate, limits }: AdmissionOptions): Admission {
  const knownQueries = new LRUCache<string, true>({ max: 500, maxSize: 10_000_000, sizeCalculation: (_value, query) => query.length + 1 });
  const connections = new Map<string, number>();

  return {
    authenticate,
    consumeRateLimit: createRateLimit(() => limits.requestsPerMinute),
    checkDocument(query) {
      if (knownQueries.has(query)) return null;
      const rejection = checkDocument(query, limits);
      if (rejection === null) knownQueries.set(query, true);
      return rejection;
    },
    forgetDocuments: () => knownQueries.clear(),
    openConnection(caller) {
      const { name } = caller;
      const open = connections.get(name) ?? 0;
      // While access control is off, all callers share one name.
      if (caller !== anonymous && open >= limits.maxConnectionsPerCaller) return null;
      connections.set(name, open + 1);
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        const left = (connections.get(name) ?? 0) - 1;
        if (left > 0) connections.set(name, left);
        else connections.delete(name);
      };
    },
  };
}

/** The message to a caller that has reached its limit of open connections. */
export function describeTooManyConnections({ name }: Caller, { maxConnectionsPerCaller }: Pick<Limits, 'maxConnectionsPerCaller'>): string {
  return `${name} has ${maxConnectionsPerCaller} open connections, the maximum (maxConnectionsPerCaller). Close one.`;
}

/** The rejection of a caller that has reached its limit of requests per minute. */
export function toRateRejection({ name }: Caller, retryAfterSeconds: number): ShareRejection {
  const message = `${name} exceeded requestsPerMinute. Retry in ${retryAfterSeconds} seconds.`;
  return { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds };
}
