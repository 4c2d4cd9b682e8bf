import { setTimeout as delay } from 'node:timers/promises';
import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from 'jose';

/** What access needs to fetch an identity provider's keys: access makes no requests itself. */
export interface KeySetLink {
  createFetch(provider: KeySetLocation, timeoutMs: number): FetchImplementation;
  onFailure(failure: KeySetFailure): void;
}

export interface KeySetLocation {
  jwksUri: string;
  /** Certificates in PEM that may sign the provider's certificate. Null: those that the machine trusts. */
  certificateAuthorities: string | null;
}

/** Called when the key set can't be fetched. */
export interface KeySetFailure {
  /** For the log. */
  reason: string;
  /** When the last fetched keys expire. Null: there are none, or they have expired. */
  keysGoodUntil: Date | null;
}

const timeoutMs = 5_000;
const maxAgeMs = 600_000;
/**
 * How long a key set is used if it can't be fetched again. A short outage of the provider must not become an outage of Jobyard, and a
 * withdrawn key must not be valid much longer.
 */
const maxStaleMs = 3_600_000;
/** How long a token with an unknown key waits for a provider that failed before. */
const patienceMs = 1_000;
/** The minimum time between two fetches, including failed ones, so that forged tokens don't cause requests to the identity provider. */
const minFetchIntervalMs = 3_000;
const maxMissing = 1_000;

/** An identity provider's key set, as last fetched. */
interface KeySet {
  /** Finds a key in the set. Throws JWKSNoMatchingKey. */
  find: JWTVerifyGetKey;
  /** When the set was last requested; `setOfMs`: when the current set was requested. */
  times(): { askedAtMs: number; setOfMs: number };
  /** Fetches the set if the minimum interval has passed. Concurrent callers share one fetch. */
  fetchAgain(): Promise<void>;
  /** Makes sure that the set may be used. */
  freshen(): Promise<void>;
}

/** `onFetch` is called when a fetch starts. */
function createKeySet(provider: KeySetLocation, { createFetch, onFailure }: KeySetLink, onFetch: () => void): KeySet {
  const fetchKeySet = createFetch(provider, timeoutMs);
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let setOfMs = Number.NEGATIVE_INFINITY;
  let isFailing = false;
  let pending: Promise<void> | null = null;
  const find = createRemoteJWKSet(new URL(provider.jwksUri), {
    timeoutDuration: timeoutMs,
    cacheMaxAge: maxStaleMs,
    // This file decides when to fetch again, not jose.
    cooldownDuration: Number.POSITIVE_INFINITY,
    [customFetch](...request) {
      askedAtMs = Date.now();
      onFetch();
      return fetchKeySet(...request);
    },
  });
  const isYoungerThan = (ageMs: number): boolean => Date.now() < setOfMs + ageMs;
  const fetchNow = async (): Promise<void> => {
    try {
      await find.reload();
      setOfMs = askedAtMs;
      isFailing = false;
    } catch (error) {
      isFailing = true;
      const reason = error instanceof Error ? error.message : String(error);
      onFailure({ reason, keysGoodUntil: isYoungerThan(maxStaleMs) ? new Date(setOfMs + maxStaleMs) : null });
      throw error;
    }
  };
  const fetchAgain = (): Promise<void> => {
    const waitMs = Math.min(minFetchIntervalMs, Math.max(0, askedAtMs + minFetchIntervalMs - Date.now()));
    pending ??= delay(waitMs)
      .then(fetchNow)
      .finally(() => {
        pending = null;
      });
    return pending;
  };
  return {
    find,
    times: () => ({ askedAtMs, setOfMs }),
    fetchAgain,
    async freshen() {
      if (isYoungerThan(maxAgeMs)) return;
      const isOld = Date.now() > askedAtMs + minFetchIntervalMs + timeoutMs;
      const fetched = fetchAgain();
      if (!isYoungerThan(maxStaleMs)) return fetched;
      const attempted = fetched.catch(() => {});
      if (!isFailing) await attempted;
      // Tokens don't wait for a provider that doesn't respond, except for a moment if the last attempt was long ago: the key may have been
      // withdrawn since.
      else if (isOld) await Promise.race([attempted, delay(patienceMs)]);
    },
  };
}

/**
 * Finds the public key that a token names, in the identity provider's key set. The set is fetched again after 10 minutes; if that fails, it
 * is used for up to an hour after its fetch. A key that isn't in the set may be new, so the set is fetched again, at most every 3 seconds;
 * the token waits until then, even if a fetch failed. Rejects with jose's JWKSNoMatchingKey if the set, fetched after the token arrived,
 * doesn't contain the key, and with any other error if the set can't be fetched.
 */
export function createSigningKeys(provider: KeySetLocation, link: KeySetLink): JWTVerifyGetKey {
  // Keys that the last fetched set didn't contain: their tokens are rejected without waiting for the next fetch.
  const missing = new Set<string>();
  const keys = createKeySet(provider, link, () => missing.clear());

  return async (header, token) => {
    const cameAtMs = Date.now();
    const name = `${header?.alg} ${header?.kid}`.slice(0, 200);
    await keys.freshen();
    try {
      return await keys.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const { askedAtMs, setOfMs } = keys.times();
      const isMissing = missing.has(name) && Date.now() < askedAtMs + minFetchIntervalMs;
      if (isMissing || setOfMs >= cameAtMs) throw error;
    }
    await keys.fetchAgain();
    try {
      return await keys.find(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey && missing.size < maxMissing) missing.add(name);
      throw error;
    }
  };
}
