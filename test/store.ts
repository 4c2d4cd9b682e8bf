import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';

/** An empty store that is gone when the test ends. */
export function openTestStore(): Store {
  const store = openEmptyStore();
  onTestFinished(() => store.close());
  return store;
}

/** An empty store for a Jobyard that outlives a test, and closes it. */
export function openEmptyStore(): Store {
  return openStore({ kind: 'memory' }, pino({ level: 'silent' }));
}
