import { parseArgs } from 'node:util';
import type { ConfigError } from './config-errors.ts';

/** The options of the command line. */
export interface Flags {
  config?: string | undefined;
  host?: string | undefined;
  port?: string | undefined;
  store?: string | undefined;
  /** Check the configuration and exit. */
  check?: boolean | undefined;
  help?: boolean | undefined;
  version?: boolean | undefined;
}

const options = {
  config: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  store: { type: 'string' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

export function readFlags(commandLine: readonly string[]): Flags | { errors: ConfigError[] } {
  try {
    return parseArgs({ args: [...commandLine], options }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      errors: [`command line: ${message.split(/\.\s/)[0]} (expected --config FILE, --host HOST, --port PORT, --store FOLDER; see --help)`],
    };
  }
}
