import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';

/** An empty store that is gone when the test ends. */
export function openTestStore(): Store {
  const store = openStore({ kind: 'memory' }, pino({ level: 'silent' }));
  onTestFinished(() => store.close());
  return store;
}
