import { loadConfig } from '../config/load-config.ts';
import { exitWithErrors } from './exit-with-errors.ts';

/** `--check` and `check`: validates the configuration only. Contacts no system, store, or identity provider. */
export async function checkConfig(commandLine: readonly string[]): Promise<void> {
  const config = await loadConfig(commandLine);
  if ('errors' in config) exitWithErrors(config.errors);
  const systems = config.systems?.map(({ id }) => id).join(', ');
  process.stdout.write(`The configuration is valid. Systems: ${systems ?? 'none. Jobyard starts with a sandbox of each vendor'}.\n`);
}
