import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startJobyard } from '../../src/app.ts';
import { systemClock } from '../../src/concurrency/clock.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { withSystem, writeTemporaryFile } from '../config/load.ts';
import { createUnavailableStore } from '../unavailable-store.ts';

test('everything else starts before the server may listen', async () => {
  const events: string[] = [];
  const mayListen = Promise.withResolvers<void>();
  const config = await loadConfig(['--config', writeTemporaryFile(withSystem(''))], {});
  if ('errors' in config) throw new Error(config.errors.join('\n'));
  const store = createUnavailableStore();
  const systems = config.systems ?? [];
  const starting = startJobyard({ ...config, systems, store, beforeListening: mayListen.promise }, pino({ level: 'silent' }), systemClock, {
    async listen() {
      events.push('listens');
      return 'http://127.0.0.1:1';
    },
  });
  // By then, all parts that need no other process are there.
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  events.push('may listen');
  mayListen.resolve();
  const jobyard = await starting;
  onTestFinished(() => jobyard.close());
  expect(events).toEqual(['may listen', 'listens']);
  expect(jobyard.systems).toHaveLength(systems.length);
});
