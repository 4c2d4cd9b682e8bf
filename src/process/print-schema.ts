import { parseArgs } from 'node:util';
import { createConfigSchema } from '../config/json-schema.ts';
import { printSdl } from '../graphql/type-definitions.ts';

// Prints the schema for schema registries, or the configuration's for editors.
try {
  const options = { profile: { type: 'string', default: 'full' }, configuration: { type: 'boolean', default: false } } as const;
  const { profile, configuration } = parseArgs({ options }).values;
  if (profile !== 'full' && profile !== 'core') throw new Error(`--profile: expected full or core, got "${profile}"`);
  process.stdout.write(configuration ? `${JSON.stringify(createConfigSchema(), null, 2)}\n` : printSdl(profile));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
