import './runtime.js';

// Not before it: what is imported at the top is loaded first.
const { readFlags, usage } = await import('./config/command-line.ts');
const flags = readFlags(process.argv.slice(2));
if ('mistakes' in flags) {
  process.stderr.write(`${flags.mistakes.join('\n')}\n`);
  process.exitCode = 2;
} else if (flags.help) {
  process.stdout.write(usage);
} else if (flags.version) {
  const { version } = await import('./version.ts');
  process.stdout.write(`${version}\n`);
} else {
  await (flags.check ? import('./check-config.ts') : import('./run.ts'));
}
