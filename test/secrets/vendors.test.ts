import { expect, test } from 'vitest';
import { z } from 'zod';
import { vendors } from '../../src/vendors/index.ts';

/** Settings with every secret that a vendor can be configured with. */
const inputs: Record<string, object[]> = {
  aodocs: [
    { securityCode: 'A', libraries: ['first'] },
    { token: 'B', libraries: ['first'] },
  ],
  kinetica: [{ username: 'ada', password: 'A' }, { token: 'B' }],
  kylin: [{ username: 'ada', password: 'A' }],
  'veeva-vault': [{ username: 'ada', password: 'A' }],
};

test.each(vendors)('$name declares every secret of its settings', ({ name, settings, secrets }) => {
  const asked = inputs[name];
  expect(asked).toBeDefined();
  for (const input of asked ?? []) {
    const read: string[] = [];
    const secret = z.string().transform((text) => {
      read.push(`secret-${text}`);
      return `secret-${text}`;
    });
    const parsed = settings(secret).parse(input);
    expect(read).toHaveLength(1);
    expect(secrets(parsed)).toEqual(expect.arrayContaining(read));
  }
});
