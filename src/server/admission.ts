import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Authenticate, Authentication } from '../access/authenticate.ts';
import { anyone, type Caller } from '../access/caller.ts';
import { checkDocument } from './document-limits.ts';
import type { Limits } from './limits.ts';

/** What stands before every operation, whichever way it comes: HTTP, server-sent events or WebSocket. */
export interface Admission {
  authenticate(headers: IncomingHttpHeaders): Promise<Authentication>;
  /** Counts a request. Seconds the caller has to wait; 0: go ahead. */
  takeTurn(caller: Caller): Promise<number>;
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
    takeTurn: createRateLimit(() => limits.requestsPerMinute),
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
      // Nobody is told apart where no access is configured.
      if (caller !== anyone && open >= limits.maxConnectionsPerCaller) return null;
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

/**
 * Counts per caller and minute. Seconds the caller has to wait; 0: go ahead. What is refused counts too. `perMinute`: asked each time, as a reload may have
 * changed it; null: no limit.
 */
export function createRateLimit(perMinute: () => number | null): (caller: Caller, count?: number) => Promise<number> {
  const limiter = new RateLimiterMemory({ points: 0, duration: 60 });
  return async (caller, count = 1) => {
    const points = perMinute();
    // Nobody is told apart where no access is configured: one would use up the share of all.
    if (caller === anyone || points === null) return 0;
    limiter.points = points;
    try {
      await limiter.consume(caller.name, count);
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw refusal;
    }
  };
}
