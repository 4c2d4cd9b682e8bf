import { describe, expect, test } from 'vitest';
import { errorsIn, load, readConfig, withSystem } from './load.ts';

const hash = 'ab'.repeat(32);

describe('access', () => {
  test('is read from the file, and lets the server listen on all addresses', () => {
    const config = load(`server: { host: 0.0.0.0 }
access:
  apiKeys: [{ name: console, sha256: ${hash.toUpperCase()}, scopes: [jobs:read, jobs:cancel@k] }]
${withSystem('')}`);
    expect(config.server.host).toBe('0.0.0.0');
    expect(config.access).toMatchObject({
      apiKeys: [
        {
          name: 'console',
          sha256: hash,
          grants: [
            { scope: 'jobs:read', systems: null },
            { scope: 'jobs:cancel', systems: ['k'] },
          ],
        },
      ],
    });
  });

  test.each(['0.0.0.0', '::', '10.0.0.1', 'jobyard.example', '127.0.0.1.evil.example'])('is needed to listen at %s', (host) => {
    const error = expect.stringContaining(
      `host: expected a loopback address (127.0.0.1, ::1, localhost) without access control, got "${host}"`,
    );
    expect(errorsIn(`server: { host: "${host}" }\n${withSystem('')}`)).toEqual([error]);
    expect(readConfig(['--host', host], {})).toEqual({ errors: [error] });
  });

  test.each([
    ['{}', ['access: expected apiKeys, jwt or both, got an object']],
    ['~', ['access: expected apiKeys, jwt or both, got nothing']],
    ['{ apiKeys: [], jwt: { jwksUri: "ftp://h" } }', ['access.jwt.jwksUri: expected an http or https URL, got "ftp://h"']],
    [
      '{ apiKeys: [], jwt: { jwksUri: "https://svc:hunter2@h/keys", issuer: i, audience: a } }',
      ['access.jwt.jwksUri: expected a URL without user name and password'],
    ],
    ['{ apikeys: [] }', ['access.apikeys: unknown key (did you mean "apiKeys"?)']],
    [
      `{ apiKeys: [{ name: a b, sha256: ${hash}, scopes: [jobs:read] }] }`,
      [expect.stringMatching(/^access\.apiKeys\[0\]\.name: .*, got "a b"$/)],
    ],
    [
      `{ apiKeys: [{ name: a, sha256: ${hash}, scopes: [jobs:all] }] }`,
      [expect.stringMatching(/^access\.apiKeys\[0\]\.scopes\[0\]: expected one of jobs:read, .*, got "jobs:all"$/)],
    ],
    [
      `{ apiKeys: [{ name: a, sha256: ${hash}, scopes: [] }] }`,
      ['access.apiKeys[0].scopes: expected at least one scope, got an empty list'],
    ],
    [
      `{ apiKeys: [{ name: a, sha256: ${hash}, scopes: [jobs:read], scope: x }] }`,
      ['access.apiKeys[0].scope: unknown key (did you mean "scopes"?)'],
    ],
  ])('%s is an error', (access, errors) => {
    expect(errorsIn(`access: ${access}\n${withSystem('')}`)).toEqual(expect.arrayContaining(errors));
  });

  test('never shows a key that was configured in place of its hash', () => {
    const key = 'jobyard_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';
    expect(errorsIn(`access: { apiKeys: [{ name: a, sha256: ${key}, scopes: [jobs:read] }] }\n${withSystem('')}`)).toEqual([
      'access.apiKeys[0].sha256: expected 64 hexadecimal digits (npm run apikey -- NAME prints them), got something else',
    ]);
  });
});

test.each([
  ['limits: { maxDepth: 1 }', 'limits.maxDepth: expected at least 3, got 1'],
  ['limits: { maxAliases: x }', 'limits.maxAliases: expected a whole number, got "x"'],
  ['limits: { maxCosts: 5 }', 'limits.maxCosts: unknown key (did you mean "maxCost"?)'],
  ['limits: { introspection: maybe }', 'limits.introspection: expected boolean, got "maybe"'],
  ['audit: { fil: x }', 'audit.fil: unknown key (did you mean "file"?)'],
  ['audit: { file: "" }', 'audit.file: expected a path, got ""'],
  ['audit: { retentionDays: 0 }', 'audit.retentionDays: expected 1 to 36500 days, got 0'],
  ['audit: { overdueAfterMs: 10 }', 'audit.overdueAfterMs: expected 1000 to 86400000 milliseconds, got 10'],
  ['audit: { retentionDay: 5 }', 'audit.retentionDay: unknown key (did you mean "retentionDays"?)'],
  ['bulk: { retentionDays: 0 }', 'bulk.retentionDays: expected 1 to 36500 days, got 0'],
  ['bulk: { retentionDay: 5 }', 'bulk.retentionDay: unknown key (did you mean "retentionDays"?)'],
  ['audit: 5', 'audit: expected object, got 5'],
])('%s is an error', (yaml, error) => {
  expect(errorsIn(`${yaml}\n${withSystem('')}`)).toEqual([error]);
});

test.each([
  [undefined, true],
  ['development', true],
  ['production', false],
])('with NODE_ENV %s, introspection is %s unless configured', (environment, expected) => {
  const variables: Record<string, string> = environment === undefined ? {} : { NODE_ENV: environment };
  expect(load(withSystem(''), variables).limits.introspection).toBe(expected);
  expect(load(`limits: { introspection: ${!expected} }\n${withSystem('')}`, variables).limits.introspection).toBe(!expected);
});

test.each(['kinetica', 'kylin'])("%s takes no credentials of the caller's own", (vendor) => {
  expect(errorsIn(`systems: [{ id: k, vendor: ${vendor}, url: "http://h", credentials: passthrough }]`)).toEqual([
    expect.stringMatching(/^systems\[0\]\.credentials: expected configured \(.*\), got "passthrough"$/),
  ]);
});
