import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeCursor, toCursorBinding } from '../../src/listing/cursor.ts';
import { createCursorKeys } from '../../src/listing/cursor-keys.ts';
import { type Positions, writeCursor } from '../../src/listing/cursor-payload.ts';
import { toListRef } from '../../src/listing/list-ref.ts';
import { signPayload } from '../../src/listing/signed-payload.ts';
import { countRequests } from '../end-to-end/jobs.ts';
import { startWithSandboxes, type WithSandboxes } from '../start.ts';
import { accessFor, as } from './callers.ts';

const cursorKey = 'a key of 32 characters and some more';
let jobyard: WithSandboxes;
beforeAll(async () => {
  jobyard = await startWithSandboxes({ cursorKey, jobs: 10, access: accessFor({ all: ['jobs:read'], kylin: ['jobs:read@kylin'] }) });
});
afterAll(() => jobyard.close());

const ask = (caller: string, query: string, variables: Record<string, unknown>) => jobyard.query(query, variables, as(caller));

describe('a forged cursor', () => {
  const binding = toCursorBinding({}, { field: 'CREATED_AT', direction: 'DESC' });
  const [keyOfList] = createCursorKeys(cursorKey).all();
  if (!keyOfList) throw new Error('No key');
  /** A cursor like Jobyard's, bound to the list without a filter, as the owner of the key can create it. */
  const forge = (positions: Positions, key = keyOfList) => encodeCursor({ row: null, positions, isBackward: false }, binding, key);
  const start = { at: { part: null, row: 0 } };
  const page = 'query ($after: String) { jobs(first: 2, after: $after) { nodes { systemId } systems { system { id } status } } }';

  test('is valid with the key and positions, like a real one', async () => {
    expect((await ask('all', page, { after: forge({}) })).errors).toBeUndefined();
    expect((await ask('all', page, { after: forge({ [toListRef('kylin', 'jobs')]: start }) })).errors).toBeUndefined();
  });

  test('is invalid without the key, even with positions', async () => {
    const positions = { [toListRef('aodocs', 'library')]: { at: { part: '100:token of my own', row: 0 } } };
    for (const forged of [{}, positions]) {
      expect((await ask('all', page, { after: forge(forged, createSecretKey(Buffer.alloc(32))) })).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
  });

  const valid = writeCursor({ row: null, positions: { [toListRef('kylin', 'jobs')]: start }, isBackward: false });
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['the JSON of earlier versions', Buffer.from('{"kylin/jobs":{"at":{"part":null,"row":0}}}')],
    ['another format', Buffer.concat([Buffer.from([2]), valid.subarray(1)])],
    ['a cut cursor', valid.subarray(0, -1)],
    ['too much', Buffer.concat([valid, Buffer.from([0])])],
    ['a number of systems without end', Buffer.from([1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['more systems than it has', Buffer.concat([Buffer.from([1, 0, 100]), valid.subarray(3)])],
    [
      'a page token that is too long',
      writeCursor({
        row: null,
        positions: { [toListRef('kylin', 'jobs')]: { at: { part: 'x'.repeat(100_000), row: 0 } } },
        isBackward: false,
      }),
    ],
  ])('of %s is BAD_USER_INPUT', async (_what, payload) => {
    const { errors } = await ask('all', page, { after: signPayload(payload, binding, keyOfList) });
    expect(errors).toMatchObject([{ message: expect.stringMatching(/^after: /), extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test.each([
    ['another path', '../../../auth?x='],
    ['another host', 'http://127.0.0.1:1/api/v26.1/services/jobs/monitors?limit=1'],
    ['a row beyond all', '99999999999999999999'],
    ['a negative row', '-1'],
    ['control characters', '1\r\nx-evil: 1'],
    ['prototypes', '__proto__'],
  ])('with %s as a position causes no unusual request', async (_what, part) => {
    const { sandboxes } = jobyard;
    for (const { requests } of Object.values(sandboxes)) requests.clear();
    const refs = [
      toListRef('kinetica', 'jobs'),
      toListRef('veeva-vault', 'jobs'),
      toListRef('kylin', 'jobs'),
      ...sandboxes.aodocs.state.libraries.map((id) => toListRef('aodocs', id)),
    ];
    const positions = Object.fromEntries(refs.map((ref) => [ref, { at: { part, row: 99_999_999_999 } }]));
    const { errors } = await ask('all', page, { after: forge(positions) });
    expect(errors ?? []).toEqual([]);
    expect(
      sandboxes['veeva-vault'].requests
        .all()
        .every(({ target }) => /^\/api\/v26\.1\/(auth$|services\/jobs\/(monitors|histories)\?)/.test(target)),
    ).toBe(true);
    expect(sandboxes.kylin.requests.all().every(({ target }) => target.startsWith('/kylin/api/jobs?'))).toBe(true);
    expect(sandboxes.aodocs.requests.all().every(({ target }) => /\/job\/v1\/libraries\/\w+\?/.test(target))).toBe(true);
  });

  test('for other systems changes nothing', async () => {
    const before = countRequests(jobyard, 'kinetica');
    const { data } = await ask('kylin', page, { after: forge({ [toListRef('kinetica', 'jobs')]: start }) });
    expect(data.jobs.systems).toMatchObject([{ system: { id: 'kylin' } }]);
    expect(countRequests(jobyard, 'kinetica')).toBe(before);
  });
});
