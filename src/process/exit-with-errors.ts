import type { ConfigError } from '../config/config-errors.ts';

/** Ends the process because its command line or configuration is invalid: one line per error, exit code 2. */
export function exitWithErrors(errors: readonly ConfigError[]): never {
  process.stderr.write(`${errors.join('\n')}\n`);
  process.exit(2);
}
