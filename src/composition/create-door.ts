import type { IncomingHttpHeaders } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { type Authenticate, type Authentication, createAuthenticators } from '../access/authenticate.ts';
import { createRevocations, type Revocations } from '../access/revocations.ts';
import { createShares, type Shares } from '../access/shares.ts';
import { type AccessSettings, isLoopback } from '../config/access.ts';
import { type Admission, createAdmission } from '../http/admission.ts';
import type { OriginRules } from '../http/origin.ts';
import { createKeySetFetch } from '../transport/key-set.ts';
import type { Foundation } from './foundation.ts';

/** Decides who may call Jobyard, and how much they may use. */
export interface Door {
  admission: Admission;
  shares: Shares;
  revocations: Revocations;
  origins: OriginRules;
  /** Applies other settings. Returns whether they differ. */
  replaceAccess(settings: AccessSettings): boolean;
  replaceOrigins(allowedOrigins: readonly string[]): boolean;
}

export function createDoor(foundation: Foundation): Door {
  const { config, limits } = foundation;
  let { access } = config;
  const authenticatorFor = createAuthenticatorsOf(foundation);
  let authenticate = authenticatorFor(access);
  const revocations = createRevocations();
  const origins: OriginRules = { allowsHost: access ? null : isLoopback, allowedOrigins: config.server.cors.origins };
  return {
    admission: createAdmission({ authenticate: (headers) => authenticateAsOfNow(() => authenticate, headers), limits }),
    // An operation that has waited still has half its time.
    shares: createShares({ limits, maxWaitMs: config.server.deadlineMs / 2 }),
    revocations,
    origins,
    replaceAccess(settings) {
      if (isDeepStrictEqual(access, settings)) return false;
      const before = access;
      access = settings;
      authenticate = authenticatorFor(access);
      origins.allowsHost = access ? null : isLoopback;
      revocations.apply(before, access);
      return true;
    },
    replaceOrigins(allowedOrigins) {
      if (isDeepStrictEqual(origins.allowedOrigins, allowedOrigins)) return false;
      origins.allowedOrigins = allowedOrigins;
      return true;
    },
  };
}

function createAuthenticatorsOf({ config, metrics, logger }: Foundation): ReturnType<typeof createAuthenticators> {
  return createAuthenticators({
    createFetch: ({ jwksUri, certificateAuthorities }, timeoutMs) =>
      createKeySetFetch(jwksUri, timeoutMs, { certificateAuthorities, proxy: config.proxy }),
    onFailure({ reason, keysGoodUntil }) {
      metrics.observeKeySetFailure();
      logger.warn({ reason, keysGoodUntil }, "the identity provider's keys can't be fetched");
    },
  });
}

/**
 * A check that started before a reload may finish after it. It is repeated, as a removed key would otherwise be accepted, and nothing would
 * end the connections that it opens.
 */
async function authenticateAsOfNow(current: () => Authenticate, headers: IncomingHttpHeaders): Promise<Authentication> {
  for (;;) {
    const authenticate = current();
    const authentication = await authenticate(headers);
    if (authenticate === current()) return authentication;
  }
}
