import { loadConfig } from '../config/config.ts';

// `--check`: the configuration alone. No system, store or identity provider is contacted.
const config = loadConfig(process.argv.slice(2));
if ('mistakes' in config) {
  process.stderr.write(`${config.mistakes.join('\n')}\n`);
  process.exitCode = 2;
} else {
  const systems = config.systems?.map(({ id }) => id).join(', ');
  process.stdout.write(`The configuration is valid. Systems: ${systems ?? 'none. Jobyard starts with a sandbox of each vendor'}.\n`);
}
