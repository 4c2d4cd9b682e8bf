import './process/runtime.js';
import type { Flags } from './config/command-line.ts';

// Imported dynamically, as static imports are loaded before the runtime settings are applied.
const { readFlags } = await import('./config/command-line.ts');
const read = readFlags(process.argv.slice(2));
// Errors in the command line are reported below, together with those of the configuration.
const flags: Partial<Flags> = 'errors' in read ? {} : read;
if (flags.help || flags.version || flags.check) {
  const { endWithReader } = await import('./process/end-with-reader.ts');
  endWithReader();
}
if (flags.help) {
  const { usage } = await import('./process/commands.ts');
  process.stdout.write(usage);
} else if (flags.version) {
  const { version } = await import('./version.ts');
  process.stdout.write(`${version}\n`);
} else if (flags.check) {
  const { checkConfig } = await import('./process/check-config.ts');
  await checkConfig(process.argv.slice(2));
} else await import('./process/run.ts');
