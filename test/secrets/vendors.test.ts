import { expect, test } from 'vitest';
import { vendors } from '../../src/vendors/index.ts';
import { secretsReadBy } from './secrets-read-by.ts';

// Other ways to log in, as by a token, are in the tests of each vendor's settings.
test.each(vendors)('$name declares every secret of the settings that its sandbox takes', async (vendor) => {
  const sandbox = await vendor.startSandbox({ jobs: 0 });
  try {
    const { read, declared } = secretsReadBy(vendor, sandbox.settings);
    expect(declared).toEqual(expect.arrayContaining(read));
  } finally {
    await sandbox.close();
  }
});
