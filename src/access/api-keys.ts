import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Caller, createCaller, type Grant } from './caller.ts';

/** A key as configured: only its hash is stored. */
export interface ApiKeyEntry {
  name: string;
  /** SHA-256 of the key in hexadecimal. */
  sha256: string;
  grants: readonly Grant[];
}

const prefix = 'jobyard_';

/** What a key may be called. */
export const keyNamePattern = /^[\w.-]{1,64}$/;

/** The caller a key belongs to, or null. Every entry is compared, each in constant time, so that timing tells nothing. */
export function createApiKeyLookup(entries: readonly ApiKeyEntry[]): (key: string) => Caller | null {
  const callers = entries.map(({ name, sha256, grants }) => ({
    hash: Buffer.from(sha256, 'hex'),
    caller: createCaller(`key:${name}`, grants),
  }));
  return (key) => {
    const hash = createHash('sha256').update(key).digest();
    let found: Caller | null = null;
    for (const entry of callers) if (timingSafeEqual(entry.hash, hash)) found = entry.caller;
    return found;
  };
}

/** A new key of 256 random bits, and the hash to configure. */
export function createApiKey(): { key: string; sha256: string } {
  const key = prefix + randomBytes(32).toString('base64url');
  return { key, sha256: createHash('sha256').update(key).digest('hex') };
}
