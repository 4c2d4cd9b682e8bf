import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createDatabase } from './database.ts';
import { installVirtualTime } from './virtual-time.ts';
import type { Ground } from './world.ts';

/** Makes what all worlds stand on. Nothing of src is loaded before that, as it might keep the real clock. */
export async function createGround(): Promise<Ground> {
  const pglite = await PGlite.create('memory://', {
    initDbStartParams: ['--set', 'shared_buffers=8MB'],
    startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=8MB'],
  });
  const time = installVirtualTime();
  return { time, database: createDatabase(pglite, time), folder: mkdtempSync(join(tmpdir(), 'jobyard-simulator-')) };
}
