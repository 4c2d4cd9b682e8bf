import { describe, expect, test } from 'vitest';
import { errorsIn, load } from '../config/load.ts';

const sha256 = 'ab'.repeat(32);
const systems = 'systems: [{ id: kylin, vendor: kinetica, url: "http://h" }, { id: kinetica, vendor: kinetica, url: "http://h" }]';
const withKey = (keys: string) => `${systems}\naccess: { apiKeys: [{ name: a, sha256: ${sha256}, scopes: [jobs:read], ${keys} }] }`;
const jwt = 'jwksUri: "https://idp.example/jwks", issuer: "https://idp.example", audience: jobyard';

describe('an error in access stops the start', () => {
  test.each([
    ['nothing in it', '{}', 'access: expected apiKeys, jwt or both'],
    ['an unknown key', `{ apikeys: [] }`, 'access.apikeys: unknown key (did you mean "apiKeys"?)'],
    ['a key without a scope', `{ apiKeys: [{ name: a, sha256: ${sha256}, scopes: [] }] }`, 'expected at least one scope'],
    ['an unknown scope', `{ apiKeys: [{ name: a, sha256: ${sha256}, scopes: [jobs:write] }] }`, 'expected one of jobs:read'],
    ['a scope for no system', `{ apiKeys: [{ name: a, sha256: ${sha256}, scopes: ["jobs:read@"] }] }`, 'expected one of jobs:read'],
    [
      'the key in the place of its hash',
      '{ apiKeys: [{ name: a, sha256: jobyard_secret, scopes: [jobs:read] }] }',
      'expected 64 hexadecimal digits',
    ],
    ['a name with spaces', `{ apiKeys: [{ name: "a b", sha256: ${sha256}, scopes: [jobs:read] }] }`, 'expected a name of letters'],
    [
      'the same name twice',
      `{ apiKeys: [{ name: a, sha256: ${sha256}, scopes: [jobs:read] }, { name: a, sha256: ${'cd'.repeat(32)}, scopes: [jobs:read] }] }`,
      'expected a unique name',
    ],
    [
      'the same hash twice',
      `{ apiKeys: [{ name: a, sha256: ${sha256}, scopes: [jobs:read] }, { name: b, sha256: ${sha256.toUpperCase()}, scopes: [jobs:cancel] }] }`,
      'expected a unique hash',
    ],
    ['a token without audience', '{ jwt: { jwksUri: "https://idp.example/jwks", issuer: x } }', 'expected the audience of the tokens'],
    [
      'an address of keys that is none',
      '{ jwt: { jwksUri: "file:///etc/passwd", issuer: x, audience: y } }',
      'expected an http or https URL',
    ],
    ['too much patience with clocks', `{ jwt: { ${jwt}, clockToleranceSeconds: 301 } }`, 'expected at most 300'],
  ])('%s', (_what, access, message) => {
    const errors = errorsIn(`${systems}\naccess: ${access}`);
    expect(errors.join('\n')).toContain(message);
  });

  test("a key for a system that doesn't exist", () => {
    expect(errorsIn(withKey('systems: [kylln]'))).toEqual([
      'access.apiKeys[0]: expected a configured system, got "kylln" (did you mean "kylin"?)',
    ]);
  });

  test("a scope for a system that doesn't exist", () => {
    const yaml = `${systems}\naccess: { apiKeys: [{ name: a, sha256: ${sha256}, scopes: ["jobs:read@nowhere"] }] }`;
    expect(errorsIn(yaml)).toEqual([expect.stringMatching(/^access\.apiKeys\[0\]: expected a configured system, got "nowhere"/)]);
  });

  test("a scope for a system outside the key's systems is ambiguous", () => {
    const yaml = `${systems}\naccess: { apiKeys: [{ name: a, sha256: ${sha256}, scopes: [jobs:read, "jobs:cancel@kylin"], systems: [kinetica] }] }`;
    expect(errorsIn(yaml)).toEqual([
      expect.stringContaining('access.apiKeys[0].scopes: expected SCOPE@SYSTEM only for systems of this key'),
    ]);
  });
});

test('access that is null is an error, not open access', () => {
  expect(errorsIn(`${systems}\naccess: ~`)).not.toEqual([]);
});

test('omitted keys have defaults', () => {
  const { access } = load(`${systems}\naccess: { jwt: { ${jwt} } }`);
  expect(access).toEqual({
    apiKeys: [],
    jwt: {
      jwksUri: 'https://idp.example/jwks',
      issuer: 'https://idp.example',
      audience: 'jobyard',
      scopesClaim: 'scope',
      clockToleranceSeconds: 30,
      certificateAuthorities: null,
    },
  });
});

describe('pass-through', () => {
  const passing = (vendor: string, keys: string) =>
    `systems: [{ id: s, vendor: ${vendor}, url: "http://h", credentials: passthrough${keys} }]`;

  test.each([
    ['kinetica', 'Kinetica'],
    ['kylin', 'Apache Kylin'],
  ])("%s doesn't support it", (vendor, title) => {
    expect(errorsIn(passing(vendor, ''))).toEqual([
      `systems[0].credentials: expected configured (${title} doesn't support callers' own credentials), got "passthrough"`,
    ]);
  });

  test.each([
    ['aodocs', ', libraries: [a]', ', libraries: [a], token: { env: SECRET }'],
    ['aodocs', ', libraries: [a]', ', libraries: [a], securityCode: { env: SECRET }'],
    ['veeva-vault', '', ', username: u, password: { env: SECRET }'],
  ])('%s supports it, and no configured credentials beside it', (vendor, good, bad) => {
    expect(load(passing(vendor, good)).systems?.[0]?.credentials).toBe('passthrough');
    expect(errorsIn(passing(vendor, bad), { SECRET: 'swordfish' })).not.toEqual([]);
    expect(errorsIn(passing(vendor, bad), { SECRET: 'swordfish' }).join()).not.toContain('swordfish');
  });

  test('another value is an error', () => {
    expect(errorsIn('systems: [{ id: s, vendor: aodocs, url: "http://h", libraries: [a], credentials: pass-through }]').join()).toContain(
      'expected configured or passthrough',
    );
  });
});
