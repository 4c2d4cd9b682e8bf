import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { keyOf } from '../access/callers.ts';

/** The keys of a sandbox's settings whose values are secret. */
const secretKeys = /^(?:password|securityCode|token)$/;

/** A sandbox as an entry of `systems`, with its secrets in files of this folder. */
export function toSystem(
  { vendor, url, settings }: { vendor: string; url: string; settings: Record<string, unknown> },
  secretFolder: string,
) {
  const secrets: { name: string; value: string }[] = [];
  const own = Object.entries(settings).map(([key, value]) => {
    if (!secretKeys.test(key)) return [key, value];
    const name = `${vendor}-${key}`;
    secrets.push({ name, value: String(value) });
    return [key, { file: join(secretFolder, name) }];
  });
  return { entry: { id: vendor, vendor, url, ...Object.fromEntries(own) }, secrets };
}

/** The key `access` for one caller, which may do everything. */
export function accessOf(name: string) {
  const sha256 = createHash('sha256').update(keyOf(name)).digest('hex');
  return { apiKeys: [{ name, sha256, scopes: ['jobs:read', 'jobs:cancel', 'systems:read', 'audit:read'] }] };
}
