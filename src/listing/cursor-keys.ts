import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** The keys that cursors of lists are signed with: 32 bytes each. */
export interface CursorKeys {
  /** New cursors are signed with the first; cursors that any of them signed are accepted. */
  all(): readonly KeyObject[];
  /** Signs with a key that all replicas share from now on. Cursors that were handed out before stay good in this process. */
  adopt(key: Buffer): void;
}

/** `secret`: the configured one, which replicas share. Null: a random key, which this process alone knows until it adopts another. */
export function createCursorKeys(secret: string | null = null): CursorKeys {
  let keys: readonly KeyObject[] = [createSecretKey(secret === null ? randomBytes(32) : toKey(secret))];
  return {
    all: () => keys,
    adopt(bytes) {
      const key = createSecretKey(bytes);
      if (secret === null) keys = [key, ...keys.filter((known) => !known.equals(key))];
    },
  };
}

function toKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'jobyard list cursor', 32));
}
