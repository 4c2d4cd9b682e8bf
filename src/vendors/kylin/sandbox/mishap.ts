import type { Random } from '../../../sandbox-kit/random.ts';
import type { Job } from './job.ts';

/** Mostly errors; sometimes an operator steps in. */
const mishaps = ['ERROR', 'ERROR', 'ERROR', 'ERROR', 'ERROR', 'DISCARDED', 'PAUSED', 'SUICIDAL'] as const;

/** One of seven runs ends early, after at least this share of its running time. */
export function drawMishap(runMs: number, fromShare: number, random: Random): Job['mishap'] {
  if (random.chance(6 / 7)) return null;
  return { state: random.pick(mishaps), afterMs: Math.floor(runMs * (fromShare + (0.95 - fromShare) * random.fraction())) };
}
