import { parseArgs } from 'node:util';
import { printSdl } from '../graphql/type-definitions.ts';

/** `npm run schema`: prints the schema, for schema registries. */
try {
  const { profile } = parseArgs({ options: { profile: { type: 'string', default: 'full' } } }).values;
  if (profile !== 'full' && profile !== 'core') throw new Error(`--profile: expected full or core, got "${profile}"`);
  process.stdout.write(printSdl(profile));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
