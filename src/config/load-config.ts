import { dirname, resolve } from 'node:path';
import { type Config, openConfig, toConfig } from './config.ts';
import type { ConfigError } from './config-errors.ts';
import type { Environment } from './secret.ts';
import { importVendors } from './vendors.ts';

/**
 * Reads the command line, the environment (JOBYARD_CONFIG, JOBYARD_STORE, HOST, PORT, NODE_ENV, OTEL_*, HTTP_PROXY, HTTPS_PROXY, NO_PROXY),
 * and the file that they name; imports the vendors that it names. Precedence: flag, environment variable, file, default. Reads process.env for
 * all settings; only PostgreSQL's own variables are left to its driver.
 */
export async function loadConfig(
  commandLine: readonly string[],
  environment: Environment = process.env,
): Promise<Config | { errors: ConfigError[] }> {
  const sources = openConfig(commandLine, environment);
  if ('errors' in sources) return sources;
  return toConfig(sources, await importVendors(vendorsIn(sources.top.systems), dirname(resolve(sources.file ?? ''))));
}

/** Each value of `vendor`, before anything is validated. */
function vendorsIn(systems: unknown): string[] {
  const entries: readonly unknown[] = Array.isArray(systems) ? systems : [];
  return entries.flatMap((entry) =>
    typeof entry === 'object' && entry !== null && 'vendor' in entry && typeof entry.vendor === 'string' ? [entry.vendor] : [],
  );
}
