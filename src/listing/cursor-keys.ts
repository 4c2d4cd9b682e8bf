import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** The keys that sign cursors: 32 bytes each. */
export interface CursorKeys {
  /** The first one signs new cursors. Cursors that any of them signed are accepted. */
  all(): readonly [KeyObject, ...KeyObject[]];
  /** Signs new cursors with a key that all replicas share. Earlier cursors stay valid in this process. */
  adopt(key: Buffer): void;
}

/** `secret`: the configured one, which replicas share. Null: a random key of this process, until it adopts another. */
export function createCursorKeys(secret: string | null = null): CursorKeys {
  let keys: readonly [KeyObject, ...KeyObject[]] = [createSecretKey(secret === null ? randomBytes(32) : toKey(secret))];
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
