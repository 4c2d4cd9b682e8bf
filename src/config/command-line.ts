import { parseArgs } from 'node:util';
import type { Mistake } from './mistakes.ts';

/** What the command line says. */
export interface Flags {
  config?: string | undefined;
  host?: string | undefined;
  port?: string | undefined;
  store?: string | undefined;
}

export function readFlags(commandLine: readonly string[]): Flags | { mistakes: Mistake[] } {
  try {
    const options = { config: { type: 'string' }, host: { type: 'string' }, port: { type: 'string' }, store: { type: 'string' } } as const;
    return parseArgs({ args: [...commandLine], options }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { mistakes: [`command line: ${message.split(/\.\s/)[0]} (expected --config FILE, --host HOST, --port PORT, --store FOLDER)`] };
  }
}
