import { randomBytes } from 'node:crypto';
import type { Store } from './store.ts';

/** A random key of 32 bytes that all replicas and later processes share, made by the first who asks. Throws StoreUnavailable. */
export async function readSharedKey({ query }: Pick<Store, 'query'>, name: string): Promise<Buffer> {
  const made = randomBytes(32).toString('base64');
  await query('INSERT INTO jobyard.shared_key (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [name, made]);
  const [row] = await query<{ value: string }>('SELECT value FROM jobyard.shared_key WHERE name = $1', [name]);
  return Buffer.from(row?.value ?? made, 'base64');
}
