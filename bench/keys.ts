import { createHash } from 'node:crypto';

/** API keys of so many callers: by default, of all that the load has. */
export function createKeys(count = 200): string[] {
  return Array.from({ length: count }, (_, index) => `jobyard_benchmark_${index}`);
}

/** The headers of each caller. */
export function toCallers(keys: readonly string[]): Record<string, string>[] {
  return keys.map((key) => ({ authorization: `Bearer ${key}` }));
}

/** As Jobyard's configuration has them. */
export function describeKeys(keys: readonly string[]): { name: string; sha256: string; scopes: string[] }[] {
  return keys.map((key, index) => ({
    name: `bench-${index}`,
    sha256: createHash('sha256').update(key).digest('hex'),
    scopes: ['jobs:read', 'jobs:cancel', 'jobs:operate', 'systems:read'],
  }));
}
