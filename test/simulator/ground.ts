import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createDatabase, type Database } from './database.ts';
import { installVirtualTime, type VirtualTime } from './virtual-time.ts';

/** What worlds are made of: the same for all. */
export interface Ground {
  time: VirtualTime;
  database: Database;
  /** For the audit's files. */
  folder: string;
}

/** Prepares the state that all worlds start with. Nothing of src is loaded before that, as it might keep the real clock. */
export async function createGround(): Promise<Ground> {
  workOnceWithGraphql();
  const pglite = await PGlite.create('memory://', {
    initDbStartParams: ['--set', 'shared_buffers=8MB'],
    startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=8MB'],
  });
  const time = installVirtualTime();
  return { time, database: createDatabase(pglite, time), folder: mkdtempSync(join(tmpdir(), 'jobyard-simulator-')) };
}

/**
 * Each process prints the schema when it starts, and parses and validates the operations of callers. Schema and documents are the same in all worlds:
 * their earlier results are returned again, which saves a fifth of a small world.
 */
function workOnceWithGraphql(): void {
  const require = createRequire(import.meta.url);
  const printing = require('graphql/utilities/printSchema.js') as { printSchema(schema: object): string };
  const parsing = require('graphql/language/parser.js') as { parse(text: unknown, options?: object): object };
  const validating = require('graphql/validation/validate.js') as {
    validate(schema: object, document: object, ...rest: unknown[]): object[];
  };
  const { printSchema } = printing;
  const { parse } = parsing;
  const { validate } = validating;
  const printed = new WeakMap<object, string>();
  printing.printSchema = (schema) => {
    const text = printed.get(schema) ?? printSchema(schema);
    printed.set(schema, text);
    return text;
  };
  const parsed = new Map<string, object>();
  parsing.parse = (text, options) => {
    if (typeof text !== 'string') return parse(text, options);
    const key = `${JSON.stringify(options)} ${text}`;
    const document = parsed.get(key) ?? parse(text, options);
    parsed.set(key, document);
    return document;
  };
  // Only those without an error, which callers of a world send again and again.
  const valid = new WeakMap<object, WeakSet<object>>();
  validating.validate = (schema, document, ...rest) => {
    const ofSchema = valid.get(schema) ?? new WeakSet<object>();
    valid.set(schema, ofSchema);
    if (ofSchema.has(document)) return [];
    const errors = validate(schema, document, ...rest);
    if (errors.length === 0) ofSchema.add(document);
    return errors;
  };
}
