import { hash } from 'node:crypto';
import { createKeys, describeKeys } from '../../../keys.ts';

const names = new Map(describeKeys(createKeys()).map(({ name, sha256 }) => [sha256, name]));

/** The name of the caller with this API key, or null. The key is known only as a hash. */
export function findCaller(key: string): string | null {
  return names.get(hash('sha256', key)) ?? null;
}
