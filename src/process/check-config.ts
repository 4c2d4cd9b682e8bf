import { loadConfig } from '../config/load-config.ts';

// `--check`: validates the configuration only. Contacts no system, store, or identity provider.
const config = await loadConfig(process.argv.slice(2));
if ('errors' in config) {
  process.stderr.write(`${config.errors.join('\n')}\n`);
  process.exitCode = 2;
} else {
  const systems = config.systems?.map(({ id }) => id).join(', ');
  process.stdout.write(`The configuration is valid. Systems: ${systems ?? 'none. Jobyard starts with a sandbox of each vendor'}.\n`);
}
