import { readFileSync } from 'node:fs';
import type { CountedWorkload } from './measure-allocations.ts';

/** `npm run bench -- allocations --write` writes it, after a change that is meant to change it. */
export const baselineFile = new URL('baseline.json', import.meta.url);

/** Bytes for one operation of each workload. */
export function readBaseline(): Record<CountedWorkload, number> {
  return JSON.parse(readFileSync(baselineFile, 'utf8')) as Record<CountedWorkload, number>;
}
