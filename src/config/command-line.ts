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

export const usage = `Usage: npm start -- [options]

Starts the Jobyard server. Without a configuration file, Jobyard starts a sandbox of each vendor and serves their jobs.

Options:
  --config FILE   Read the configuration from FILE. Default: the variable JOBYARD_CONFIG; else no file
  --host HOST     Listen on this host name or address. Default: the variable HOST; else server.host
  --port PORT     Listen on this port. Default: the variable PORT; else server.port
  --store FOLDER  Use this folder for the store. Default: the variable JOBYARD_STORE; else the key store
  --check         Check the configuration, print its errors, and exit with 0 if it is valid, 2 if not
  --version       Print the version and exit
  --help          Print this help and exit. Short form: -h

Exit codes: 0 after a normal stop, 1 if the start fails, 2 if the configuration or command line is invalid.
`;

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
