import { readFileSync } from 'node:fs';
import type { Allocations, CountedWorkload } from './measure-allocations.ts';

/** `npm run bench -- allocations --write` writes it, after a change that is meant to change it. */
export const baselineFile = new URL('baseline.json', import.meta.url);

export function readBaseline(): Record<CountedWorkload, Allocations> {
  return JSON.parse(readFileSync(baselineFile, 'utf8')) as Record<CountedWorkload, Allocations>;
}
