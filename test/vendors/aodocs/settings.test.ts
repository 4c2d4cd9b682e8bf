import { expect, test } from 'vitest';
import { z } from 'zod';
import { aodocs } from '../../../src/vendors/aodocs/index.ts';
import { secretsReadBy } from '../../secrets/secrets-read-by.ts';

const settings = aodocs.settings(z.string());
const libraries = ['Rk31ZqV8dPxUe5NnAa', 'Sd92LmQ7xTyWb4KcEf'];

test.each([
  [{ securityCode: '5f0c', libraries }],
  [{ token: 'ya29.a0', libraries }],
  [{ securityCode: '5f0c', domain: 'acme.com', libraries: ['Rk31ZqV8dPxUe5NnAa'] }],
])('%o is accepted unchanged', (value) => {
  expect(settings.parse(value)).toEqual(value);
});

test.each([
  [{ libraries }, 'securityCode', 'either securityCode or token'],
  [{ securityCode: '5f0c', token: 'ya29.a0', libraries }, 'token', 'not both'],
  [{ securityCode: '', libraries }, 'securityCode', 'visible ASCII'],
  [{ securityCode: 'two words', libraries }, 'securityCode', 'visible ASCII'],
  [{ token: 'line\nbreak', libraries }, 'token', 'visible ASCII'],
  [{ securityCode: '5f0c' }, 'libraries', 'at least one'],
  [{ securityCode: '5f0c', libraries: [] }, 'libraries.0', 'ID of a library'],
  [{ securityCode: '5f0c', libraries: [''] }, 'libraries.0', 'ID of a library'],
  [{ securityCode: '5f0c', libraries: ['a b'] }, 'libraries.0', 'ID of a library'],
  [{ securityCode: '5f0c', libraries: ['..'] }, 'libraries.0', 'ID of a library'],
  [{ securityCode: '5f0c', libraries: ['A', 'B', 'A'] }, 'libraries.2', 'again'],
  [{ securityCode: '5f0c', libraries, domain: '' }, 'domain', ''],
  [{ securityCode: '5f0c', libraries, library: 'A' }, '', 'library'],
])('%o is rejected at %s', (value, path, words) => {
  const { error } = settings.safeParse(value);
  const issue = error?.issues[0];
  expect(issue?.path.join('.')).toBe(path);
  expect(issue?.message).toContain(words);
});

test.each([
  [{ securityCode: 'A', libraries }, 'A'],
  [{ token: 'B', libraries }, 'B'],
])('%o: the secret is declared', (value, secret) => {
  expect(secretsReadBy(aodocs, value)).toEqual({ read: [secret], declared: expect.arrayContaining([secret]) });
});

test('library ids that differ by letter case are two libraries', () => {
  expect(settings.safeParse({ securityCode: '5f0c', libraries: ['Aa', 'aa'] }).success).toBe(true);
});
