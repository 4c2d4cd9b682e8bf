import { setTimeout as delay } from 'node:timers/promises';
import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from 'jose';

/** What fetches an identity provider's keys: access makes no requests of its own. */
export type CreateKeySetFetch = (provider: KeySetLocation, timeoutMs: number) => FetchImplementation;

export interface KeySetLocation {
  jwksUri: string;
  /** Certificates in PEM that the provider's may be signed with; null: those that the machine trusts. */
  certificateAuthorities: string | null;
}

const timeoutMs = 5_000;
const maxAgeMs = 600_000;
/** Time between two fetches, also failed ones, so that forged tokens don't become requests at the identity provider. */
const minFetchIntervalMs = 3_000;
const maxMissing = 1_000;

/**
 * Finds the public key that a token names, in the identity provider's key set. A key that the set doesn't have may be a new one, so the set
 * is fetched again, at most every 3 seconds: until then the token waits, also where the set could not be fetched. Rejects with jose's
 * JWKSNoMatchingKey if the set, fetched after the token came, doesn't have the key; with any other error if the set can't be fetched.
 */
export function createSigningKeys(provider: KeySetLocation, createKeySetFetch: CreateKeySetFetch): JWTVerifyGetKey {
  const fetchKeySet = createKeySetFetch(provider, timeoutMs);
  let fetchedAtMs = Number.NEGATIVE_INFINITY;
  let pending: Promise<void> | null = null;
  // Names of keys that the set lacked when it was fetched last: their tokens needn't wait for the next fetch to be refused.
  const missing = new Set<string>();
  const keys = createRemoteJWKSet(new URL(provider.jwksUri), {
    timeoutDuration: timeoutMs,
    cacheMaxAge: maxAgeMs,
    // When to fetch again is decided here.
    cooldownDuration: Number.POSITIVE_INFINITY,
    [customFetch](...request) {
      fetchedAtMs = Date.now();
      missing.clear();
      return fetchKeySet(...request);
    },
  });
  const fetchAgain = (): Promise<void> => {
    const waitMs = Math.min(minFetchIntervalMs, Math.max(0, fetchedAtMs + minFetchIntervalMs - Date.now()));
    pending ??= delay(waitMs)
      .then(() => keys.reload())
      .finally(() => {
        pending = null;
      });
    return pending;
  };

  return async (header, token) => {
    const cameAtMs = Date.now();
    const name = `${header?.alg} ${header?.kid}`.slice(0, 200);
    if (!keys.fresh && !keys.reloading && Date.now() < fetchedAtMs + minFetchIntervalMs) await fetchAgain();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const isMissing = missing.has(name) && Date.now() < fetchedAtMs + minFetchIntervalMs;
      if (isMissing || fetchedAtMs >= cameAtMs) throw error;
    }
    await fetchAgain();
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey && missing.size < maxMissing) missing.add(name);
      throw error;
    }
  };
}
