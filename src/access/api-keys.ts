import { hash, randomBytes } from 'node:crypto';
import type { ApiKeyEntry } from '../config/access.ts';
import { type Caller, createCaller } from './caller.ts';

const prefix = 'jobyard_';

/** Finds the caller of a key, or null. Looks up the hash, so that timing reveals nothing about a key. */
export function createApiKeyLookup(entries: readonly ApiKeyEntry[]): (key: string) => Caller | null {
  const callers = new Map(entries.map(({ name, sha256, grants }) => [sha256, createCaller(`key:${name}`, grants)]));
  return (key) => callers.get(hash('sha256', key)) ?? null;
}

/** Creates a key of 256 random bits, and the hash to configure. */
export function createApiKey(): { key: string; sha256: string } {
  const key = prefix + randomBytes(32).toString('base64url');
  return { key, sha256: hash('sha256', key) };
}
