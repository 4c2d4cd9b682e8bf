import { stringify } from 'yaml';
import { z } from 'zod';
import { createApiKey } from '../access/api-keys.ts';
import { keyNamePattern } from '../config/access.ts';
import { operand, readCommandLine } from '../config/command-line.ts';
import { exitWithErrors } from './exit-with-errors.ts';

const aName = 'expected 1 to 64 letters, digits, or . _ - that identify the user of the key';
const parameters = { NAME: operand(z.string(aName).regex(keyNamePattern, aName)) };

/** Creates a key and prints its entry for jobyard.yaml. The key itself is shown only here. */
export async function printApiKey(commandLine: readonly string[]): Promise<void> {
  const read = readCommandLine(commandLine, parameters);
  if ('errors' in read) exitWithErrors(read.errors);
  const { key, sha256 } = createApiKey();
  const entry = { access: { apiKeys: [{ name: read.NAME, sha256, scopes: ['jobs:read', 'systems:read'] }] } };
  process.stdout.write(`The key for its user. It is shown only once:

  ${key}

Its entry in jobyard.yaml. Add scopes (jobs:cancel, jobs:operate, jobs:raw, jobs:logs, audit:read) as needed, and systems: [IDs] to limit it:

${stringify(entry)}`);
}
