import { stringify } from 'yaml';
import { createApiKey } from '../access/api-keys.ts';
import { keyNamePattern } from '../config/access.ts';
import { toCommandLine } from '../package.js';

/** Creates a key and prints its entry for jobyard.yaml. The key itself is shown only here. */
const [name, ...rest] = process.argv.slice(2);
if (!name || rest.length > 0 || !keyNamePattern.test(name)) {
  process.stderr.write(
    `NAME: expected 1 to 64 letters, digits, or . _ - that identify the user of the key: ${toCommandLine('apikey', 'NAME')}\n`,
  );
  process.exit(2);
}
const { key, sha256 } = createApiKey();
const entry = { access: { apiKeys: [{ name, sha256, scopes: ['jobs:read', 'systems:read'] }] } };
process.stdout.write(`The key for its user. It is shown only once:

  ${key}

Its entry in jobyard.yaml. Add scopes (jobs:cancel, jobs:operate, jobs:raw, jobs:logs, audit:read) as needed, and systems: [IDs] to limit it:

${stringify(entry)}`);
