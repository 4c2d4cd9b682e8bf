import { createHash } from 'node:crypto';

/** API keys of so many callers. */
export function createKeys(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `jobyard_benchmark_${index}`);
}

/** As Jobyard's configuration has them. */
export function describeKeys(keys: readonly string[]): { name: string; sha256: string; scopes: string[] }[] {
  return keys.map((key, index) => ({
    name: `bench-${index}`,
    sha256: createHash('sha256').update(key).digest('hex'),
    scopes: ['jobs:read', 'jobs:cancel', 'jobs:operate', 'systems:read'],
  }));
}
