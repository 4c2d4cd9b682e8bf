import { expect, test } from 'vitest';
import { secretsOfUrl } from '../../src/secrets/url-secrets.ts';
import { secretsOfStore } from '../../src/store/open-store.ts';

test.each([
  ['http://proxy:3128', []],
  ['http://ada@proxy:3128', []],
  ['http://ada:p%40ss%20word@proxy:3128', ['p%40ss%20word', 'p@ss word', 'ada:p@ss word']],
  ['http://ada:100%@proxy:3128', ['100%', '100%', 'ada:100%']],
])('the secrets of %s', (url, secrets) => {
  expect(secretsOfUrl(url)).toEqual(secrets);
});

test("the password of a store may be in the URL's authority or a parameter", () => {
  expect(secretsOfStore({ kind: 'server', url: 'postgres://ada@host/jobyard?password=open%20sesame' })).toEqual(['open sesame']);
  expect(secretsOfStore({ kind: 'server', url: 'postgres://ada:sesame@host/jobyard' })).toContain('sesame');
  expect(secretsOfStore({ kind: 'memory' })).toEqual([]);
});
