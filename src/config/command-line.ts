import { parseArgs } from 'node:util';
import type { ConfigError } from './config-errors.ts';

/** What the command line says. */
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

export const usage = `Usage: jobyard [options]

Starts the server. Without a configuration file, Jobyard starts with a sandbox of each vendor.

  --config FILE   the configuration file; default: JOBYARD_CONFIG, else jobyard.yaml in this directory, if there is one
  --host HOST     the host name or address to listen on; default: HOST, else server.host
  --port PORT     the port to listen on; default: PORT, else server.port
  --store FOLDER  the folder of the store; default: JOBYARD_STORE, else the key store
  --check         check the configuration, list its errors, and exit: 0 if it is valid, 2 if it is not
  --version       print the version and exit
  --help          print this text and exit
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

export function readFlags(commandLine: readonly string[]): Flags | { mistakes: ConfigError[] } {
  try {
    return parseArgs({ args: [...commandLine], options }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      mistakes: [
        `command line: ${message.split(/\.\s/)[0]} (expected --config FILE, --host HOST, --port PORT, --store FOLDER; see --help)`,
      ],
    };
  }
}
