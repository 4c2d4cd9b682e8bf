import { useSyncExternalStore } from 'react';
import { nowMs } from '../api/clock.ts';

const tickMs = 1_000;
const followers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let current = nowMs();

function subscribe(follower: () => void): () => void {
  followers.add(follower);
  timer ??= setInterval(tick, tickMs);
  return () => {
    followers.delete(follower);
    if (followers.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function tick(): void {
  if (document.hidden) return;
  current = nowMs();
  for (const follower of [...followers]) follower();
}

/** The time on Jobyard's clock, which moves once per second while the tab is visible. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current);
}
