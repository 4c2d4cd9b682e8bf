import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createDatabase } from './database.ts';
import { installVirtualTime } from './virtual-time.ts';
import type { Ground } from './world.ts';

/** Makes what all worlds stand on. Nothing of src is loaded before that, as it might keep the real clock. */
export async function createGround(): Promise<Ground> {
  printSchemasOnce();
  const pglite = await PGlite.create('memory://', {
    initDbStartParams: ['--set', 'shared_buffers=8MB'],
    startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=8MB'],
  });
  const time = installVirtualTime();
  return { time, database: createDatabase(pglite, time), folder: mkdtempSync(join(tmpdir(), 'jobyard-simulator-')) };
}

/** Apollo Server prints the schema, which is the same in all worlds, at each start: a tenth of a small world. */
function printSchemasOnce(): void {
  const printing = createRequire(import.meta.url)('graphql/utilities/printSchema.js') as { printSchema(schema: object): string };
  const { printSchema } = printing;
  const printed = new WeakMap<object, string>();
  printing.printSchema = (schema) => {
    const text = printed.get(schema) ?? printSchema(schema);
    printed.set(schema, text);
    return text;
  };
}
