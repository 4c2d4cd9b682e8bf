import { z } from 'zod';
import { readCommandLine, text, toggle } from '../config/command-line.ts';
import { createConfigSchema } from '../config/json-schema.ts';
import { printSdl, profiles } from '../graphql/type-definitions.ts';
import { exitWithErrors } from './exit-with-errors.ts';

const parameters = {
  profile: text(z.enum(profiles, `expected ${profiles.join(', ')}`).default('direct')),
  configuration: toggle(),
};

/** Prints the schema for schema registries, or the configuration's for editors. */
export async function printSchema(commandLine: readonly string[]): Promise<void> {
  const read = readCommandLine(commandLine, parameters);
  if ('errors' in read) exitWithErrors(read.errors);
  process.stdout.write(read.configuration ? `${JSON.stringify(createConfigSchema(), null, 2)}\n` : printSdl(read.profile));
}
