import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../../src/sandbox-kit/faults.ts';
import type { Random } from '../../src/sandbox-kit/random.ts';
import { type Sandboxes, systemNames } from '../start.ts';
import { subjects } from '../vendors/subjects.ts';

/** Injects faults into the sandboxes, with pauses, until `untilMs`. */
export async function injectFaults(sandboxes: Sandboxes, random: Random, untilMs: number, noteSessionEnd: () => void): Promise<void> {
  while (Date.now() < untilMs) {
    const { faults } = sandboxes[random.pick(systemNames)];
    faults.add({ fault: pickFault(random), skip: random.integer(0, 3), times: random.pick([1, 1, 2, 5]) });
    if (random.chance(0.1)) {
      for (const system of systemNames) subjects[system].sessions?.endAll(sandboxes[system]);
      noteSessionEnd();
    }
    await delay(random.integer(20, 200));
    // A spell of good weather now and then, so that the breakers close.
    if (random.chance(0.15)) {
      for (const system of systemNames) sandboxes[system].faults.clear();
      await delay(Math.min(random.integer(500, 3000), Math.max(0, untilMs - Date.now())));
    }
  }
  for (const system of systemNames) sandboxes[system].faults.clear();
}

function pickFault(random: Random): Fault {
  const applied = random.chance(0.5);
  return random.pick<() => Fault>([
    () => ({ kind: 'slow', ms: random.integer(10, 500) }),
    () => ({ kind: 'hang', applied }),
    () => ({ kind: 'reset', applied }),
    () => ({ kind: 'answer', status: random.pick([200, 500, 502, 503, 504]), applied }),
    () => ({ kind: 'answer', status: random.pick([403, 404, 429]), applied: false }),
    () => ({ kind: 'answer', status: 429, headers: { 'retry-after': '1' }, applied: false }),
    () => ({ kind: 'truncate' }),
    () => ({ kind: 'empty' }),
    () => ({ kind: 'flood', bytes: 2_000_000 }),
  ])();
}
