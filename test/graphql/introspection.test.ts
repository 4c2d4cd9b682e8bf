import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { load, readConfig, withSystem } from '../config/load.ts';
import { type Body, post, start } from '../http/post.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';

const introspectionOff =
  'Introspection is off (limits.introspection). Get the schema from npm run schema, or ask the operator to turn introspection on.';

let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ jobs: 10 });
});
afterAll(() => jobyard.close());

describe('introspection and suggestions', () => {
  const mistakes: [string, Body][] = [
    ['a field', { query: '{ jobSystem { id } jobz { complete } }' }],
    ['a field of a type', { query: '{ jobs { complet } }' }],
    ['an argument', { query: '{ jobs(frist: 1) { complete } }' }],
    ['a type', { query: '{ jobs { nodes { ...F } } } fragment F on Jobb { id }' }],
    ['a type of a condition', { query: '{ job(id: "a:1") { ... on JobNotFond { code } } }' }],
    ['an input field', { query: '{ jobs(filter: { statues: [] }) { complete } }' }],
    ['a value', { query: '{ jobs(filter: { statuses: [RUNING] }) { complete } }' }],
    [
      'a value in a variable',
      { query: 'query ($s: [JobStatus!]) { jobs(filter: { statuses: $s }) { complete } }', variables: { s: ['RUNING'] } },
    ],
    [
      'an input field in a variable',
      { query: 'query ($f: JobFilter) { jobs(filter: $f) { complete } }', variables: { f: { statues: [] } } },
    ],
    ['a type of a variable', { query: 'query ($s: [JobStatuss!]) { jobs(filter: { statuses: $s }) { complete } }' }],
  ];

  test.each(mistakes)('an error in %s gets a suggestion only if introspection is on', async (_what, body) => {
    const closed = await start({ introspection: false });
    const hint = /did you mean/i;
    expect(JSON.stringify((await post(jobyard, body)).errors)).toMatch(hint);
    const { status, errors } = await post(closed, body);
    expect(status).toBe(400);
    expect(JSON.stringify(errors)).not.toMatch(hint);
  });

  test('while off, nothing reveals the schema and the message names the setting, but __typename is answered', async () => {
    const closed = await start({ introspection: false });
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Job") { fields { name } } }',
      'query ($yes: Boolean = true) { ... @include(if: $yes) { __schema { queryType { name } } } }',
      '{ ...F } fragment F on Query { s: __schema { description } }',
    ]) {
      const answer = await post(closed, { query });
      expect({ status: answer.status, data: answer.data }).toEqual({ status: 400, data: undefined });
      expect(answer.errors).toMatchObject([{ message: introspectionOff }]);
    }
    const sdl = await post(closed, { query: '{ _service { sdl } }' });
    expect(sdl.errors).toMatchObject([{ message: introspectionOff, extensions: { code: 'FORBIDDEN' } }]);
    expect(JSON.stringify(sdl)).not.toContain('type Job');
    expect(await post(closed, { query: '{ __typename jobSystems { __typename } }' })).toMatchObject({ status: 200 });
  });

  test('are off if NODE_ENV is production, unless configured', () => {
    const introspection = (environment: Record<string, string>) => {
      const config = readConfig([], environment);
      return 'errors' in config ? config.errors : config.limits.introspection;
    };
    expect(introspection({})).toBe(true);
    expect(introspection({ NODE_ENV: 'development' })).toBe(true);
    expect(introspection({ NODE_ENV: 'production' })).toBe(false);
    expect(load(`${withSystem('')}limits: { introspection: true }`, { NODE_ENV: 'production' }).limits.introspection).toBe(true);
    expect(load(`${withSystem('')}limits: { introspection: false }`).limits.introspection).toBe(false);
  });
});
