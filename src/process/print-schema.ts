import { parseArgs } from 'node:util';
import { createConfigSchema } from '../config/json-schema.ts';
import { printSdl, profiles } from '../graphql/type-definitions.ts';

// Prints the schema for schema registries, or the configuration's for editors.
try {
  const options = { profile: { type: 'string', default: 'direct' }, configuration: { type: 'boolean', default: false } } as const;
  const { profile, configuration } = parseArgs({ options }).values;
  const known = profiles.find((each) => each === profile);
  if (!known) throw new Error(`--profile: expected ${profiles.join(', ')}, got "${profile}"`);
  process.stdout.write(configuration ? `${JSON.stringify(createConfigSchema(), null, 2)}\n` : printSdl(known));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
