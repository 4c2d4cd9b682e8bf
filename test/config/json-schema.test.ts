import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createConfigSchema } from '../../src/config/json-schema.ts';
import { blocksOf, pages } from '../docs/markdown.ts';

const schema = createConfigSchema();
// The URLs are checked by patterns too, and formats need a package of their own.
const validate = new Ajv({ allErrors: true, validateFormats: false, strictTuples: false }).compile(schema);
const complaintsOf = (yaml: string): string[] => {
  validate(parse(yaml));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

test('jobyard.schema.json is the schema of the configuration. After a change: npm run --silent schema -- --configuration > jobyard.schema.json', () => {
  expect(JSON.parse(readFileSync(new URL('../../jobyard.schema.json', import.meta.url), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(schema)),
  );
});

describe('accepts', () => {
  const samples = pages.flatMap((from) => blocksOf(from, 'yaml').map(({ place, text }) => [place, text] as const));

  test('the examples of docs/configure.md, among others', () =>
    expect(samples.map(([place]) => place).join()).toContain('docs/configure.md'));

  test.each(samples)('the example at %s', (_place, text) => expect(complaintsOf(text)).toEqual([]));
});

describe('accepts of a plug-in', () => {
  test.each(['"@acme/jobyard-nightrun"', 'jobyard-nightrun', './nightrun.js', '../nightrun.js', '/opt/nightrun.js'])(
    '%s any keys',
    (vendor) =>
      expect(complaintsOf(`systems: [{ id: n, vendor: ${vendor}, url: "redis://h", queues: [a], token: { env: T } }]`)).toEqual([]),
  );

  test('no value of another kind for a key that all systems have', () =>
    expect(complaintsOf('systems: [{ id: n, vendor: ./n.js, timeoutMs: soon }]')).toContain('/systems/0/timeoutMs must be integer'));
});

describe('rejects', () => {
  const system = 'systems: [{ id: k, vendor: kylin, url: "http://k", username: u, password: { env: P } }]';

  test.each([
    ['an unknown key', `serve: { port: 1 }\n${system}`, ' must NOT have additional properties'],
    ['an unknown key of a system', system.replace('username', 'usernam'), '/systems/0 must NOT have additional properties'],
    ['a secret in the file', system.replace('{ env: P }', 'swordfish'), '/systems/0/password must be object'],
    ['an unknown vendor', system.replace('kylin', 'kyln'), '/systems/0/vendor must be equal to constant'],
    ['a port of another kind', `server: { port: high }\n${system}`, '/server/port must be integer'],
    [
      "credentials that the vendor's API doesn't take",
      system.replace('id: k', 'id: k, credentials: passthrough'),
      '/systems/0/credentials must be equal to constant',
    ],
  ])('%s', (_what, yaml, complaint) => {
    expect(complaintsOf(system)).toEqual([]);
    expect(complaintsOf(yaml)).toContain(complaint);
  });
});
