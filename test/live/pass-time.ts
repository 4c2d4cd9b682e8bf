import { setTimeout as delay } from 'node:timers/promises';
import { systemNames, type WithSandboxes } from '../start.ts';
import type { ManualClock } from './manual-clock.ts';

/** Lets both Jobyard's time and the vendors' pass, step by step, until `isThere`. */
export async function passTime({ sandboxes }: WithSandboxes, clock: ManualClock, stepMs: number, isThere: () => boolean): Promise<void> {
  for (let steps = 0; !isThere(); steps += 1) {
    if (steps === 2_000) throw new Error('It did not come');
    for (const system of systemNames) sandboxes[system].clock.advance(stepMs);
    await clock.advance(stepMs);
    // The requests to the sandboxes are real ones and take their time.
    await delay(5);
  }
}
