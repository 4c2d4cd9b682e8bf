import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toAuthorization } from '../../../src/vendors/kinetica/adapter/settings.ts';
import { kinetica } from '../../../src/vendors/kinetica/index.ts';
import { secretsReadBy } from '../../secrets/secrets-read-by.ts';

const schema = kinetica.settings(z.string());

describe('Kinetica settings', () => {
  it.each([{}, { username: 'admin', password: '' }, { username: 'ops_müller', password: 'a:b' }, { token: 'abc.def' }])(
    'takes %j',
    (settings) => {
      expect(schema.safeParse(settings).success).toBe(true);
    },
  );

  it.each([
    [{ username: 'admin' }, 'password'],
    [{ password: 'x' }, 'username'],
    [{ username: 'admin', password: 'x', token: 'abc' }, 'token'],
    [{ username: 'admin', token: 'abc' }, 'token'],
    [{ username: 'a:b', password: 'x' }, 'username'],
    [{ token: 'abc\r\nx-evil: 1' }, 'token'],
    [{ token: '' }, 'token'],
  ])('rejects %j at %s', (settings, path) => {
    expect(schema.safeParse(settings).error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('rejects unknown keys', () => {
    expect(schema.safeParse({ user: 'admin' }).success).toBe(false);
  });

  it.each([
    [{ username: 'ada', password: 'A' }, 'A'],
    [{ token: 'B' }, 'B'],
  ])('of %j declare the secret', (settings, secret) => {
    expect(secretsReadBy(kinetica, settings)).toEqual({ read: [secret], declared: expect.arrayContaining([secret]) });
  });

  it.each([
    [{}, null],
    [{ token: 'abc' }, 'Bearer abc'],
    [{ username: 'Aladdin', password: 'open sesame' }, 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    [{ username: 'ü', password: '€' }, 'Basic w7w64oKs'],
  ])('of %j sends %j', (settings, authorization) => {
    expect(toAuthorization(settings)).toBe(authorization);
  });
});
