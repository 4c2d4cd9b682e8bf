import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Authenticate, Authentication } from '../access/authenticate.ts';
import { anonymous, type Caller } from '../access/caller.ts';
import { createRateLimit } from '../access/rate-limit.ts';
import type { ShareRefusal } from '../access/share-refusal.ts';
import type { Limits } from '../config/limits.ts';
import { checkDocument } from '../graphql/document-limits.ts';

/** What stands before every operation, whichever way it comes: HTTP, server-sent events or WebSocket. */
export interface Admission {
  authenticate(headers: IncomingHttpHeaders): Promise<Authentication>;
  /** Counts a request. Seconds the caller has to wait; 0: go ahead. */
  consumeRateLimit(caller: Caller): Promise<number>;
  /** Why a document is not even to be validated, or null. */
  checkDocument(query: string): string | null;
  /** The limits have changed: what was within them may not be any more. */
  forgetDocuments(): void;
  /** Counts a connection that stays. What ends it; null: the caller has as many as allowed. */
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
      // Without configured access all callers are one.
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

/** The caller has as many open connections as allowed. */
export function describeTooManyConnections({ name }: Caller, { maxConnectionsPerCaller }: Pick<Limits, 'maxConnectionsPerCaller'>): string {
  return `${name} has ${maxConnectionsPerCaller} open connections, the maximum (maxConnectionsPerCaller). Close one.`;
}

/** The caller has sent as many requests in this minute as allowed. */
export function toRateRefusal({ name }: Caller, retryAfterSeconds: number): ShareRefusal {
  const message = `${name} exceeded requestsPerMinute. Retry in ${retryAfterSeconds} seconds.`;
  return { status: 429, code: 'RATE_LIMITED', message, retryAfterSeconds };
}
