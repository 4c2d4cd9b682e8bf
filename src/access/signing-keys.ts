import { setTimeout as delay } from 'node:timers/promises';
import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from 'jose';

/** What access needs of the outside to get at an identity provider's keys: it makes no requests of its own. */
export interface KeySetLink {
  createFetch(provider: KeySetLocation, timeoutMs: number): FetchImplementation;
  onFailure(failure: KeySetFailure): void;
}

export interface KeySetLocation {
  jwksUri: string;
  /** Certificates in PEM that the provider's may be signed with; null: those that the machine trusts. */
  certificateAuthorities: string | null;
}

/** The key set can't be fetched. */
export interface KeySetFailure {
  /** For the log. */
  reason: string;
  /** Until when the keys that were fetched last are used; null: there are none, or they are too old. */
  keysGoodUntil: Date | null;
}

const timeoutMs = 5_000;
const maxAgeMs = 600_000;
/**
 * How long a set is used that can't be fetched again. A short outage of the provider must not become one of Jobyard's, and a key that the
 * provider withdraws meanwhile is not good for much longer.
 */
const maxStaleMs = 3_600_000;
/** How long a token of a known key waits for a provider that failed before. */
const patienceMs = 1_000;
/** Time between two fetches, also failed ones, so that forged tokens don't become requests at the identity provider. */
const minFetchIntervalMs = 3_000;
const maxMissing = 1_000;

/** An identity provider's key set, as it was fetched last. */
interface KeySet {
  /** Finds a key of the set; throws JWKSNoMatchingKey. */
  find: JWTVerifyGetKey;
  /** When it was asked for last; `setOfMs`: when the set that is used was. */
  times(): { askedAtMs: number; setOfMs: number };
  /** Fetches it, when the last fetch was long enough ago. Callers that come meanwhile share the fetch. */
  fetchAgain(): Promise<void>;
  /** Sees to a set that may be used. */
  freshen(): Promise<void>;
}

/** `onFetch`: told when a fetch begins. */
function createKeySet(provider: KeySetLocation, { createFetch, onFailure }: KeySetLink, onFetch: () => void): KeySet {
  const fetchKeySet = createFetch(provider, timeoutMs);
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let setOfMs = Number.NEGATIVE_INFINITY;
  let isFailing = false;
  let pending: Promise<void> | null = null;
  const find = createRemoteJWKSet(new URL(provider.jwksUri), {
    timeoutDuration: timeoutMs,
    cacheMaxAge: maxStaleMs,
    // When to fetch again is decided here.
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
      // Not each token waits for a provider that doesn't answer. One that comes long after the last attempt does, for a moment: the key may
      // have been withdrawn meanwhile.
      else if (isOld) await Promise.race([attempted, delay(patienceMs)]);
    },
  };
}

/**
 * Finds the public key that a token names, in the identity provider's key set. The set is fetched again after 10 minutes; if that fails, it
 * is used for up to an hour after its fetch. A key that the set doesn't have may be a new one, so the set is fetched again, at most every 3
 * seconds: until then the token waits, also if the set could not be fetched. Rejects with jose's JWKSNoMatchingKey if the set, fetched
 * after the token came, doesn't have the key; with any other error if the set can't be fetched.
 */
export function createSigningKeys(provider: KeySetLocation, link: KeySetLink): JWTVerifyGetKey {
  // Names of keys that the set lacked when it was fetched last: their tokens needn't wait for the next fetch to be refused.
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
