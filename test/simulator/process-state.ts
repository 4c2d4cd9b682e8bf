import { createTurns, type Turns, turns } from '../../src/concurrency/turns.ts';
import type { Life, VirtualTime } from './virtual-time.ts';

/** Gives each process of a world its own of what a real process has one of: it would stay as a process left it that died in the middle. */
export function separateProcesses(time: VirtualTime): void {
  const byLife = new WeakMap<Life, Turns>();
  const own = (): Turns => {
    const life = time.lifeNow();
    if (!life) throw new Error('A turn of no process');
    const known = byLife.get(life) ?? createTurns();
    byLife.set(life, known);
    return known;
  };
  Object.assign(turns, { take: (caller: string) => own().take(caller), noteConnection: () => own().noteConnection() } satisfies Turns);
}
