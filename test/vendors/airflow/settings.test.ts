import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { airflow } from '../../../src/vendors/airflow/index.ts';
import { secretsReadBy } from '../../secrets/secrets-read-by.ts';

const schema = airflow.settings(z.string());

describe('Airflow settings', () => {
  it.each([
    { username: 'op', password: 'x' },
    { username: 'op@example.com', password: 'a:b' },
    { token: 'abc.def.ghi' },
    { token: 'abc.def.ghi', cancellationNotes: false },
  ])('takes %j', (settings) => {
    expect(schema.safeParse(settings).success).toBe(true);
  });

  it('adds a line to notes by default', () => {
    expect(schema.parse({ token: 'abc' })).toEqual({ token: 'abc', cancellationNotes: true });
  });

  it.each([
    [{}, 'username'],
    [{ username: 'op' }, 'password'],
    [{ password: 'x' }, 'username'],
    [{ username: 'op', password: 'x', token: 'abc' }, 'token'],
    [{ username: '', password: 'x' }, 'username'],
    [{ token: 'abc\r\nx-evil: 1' }, 'token'],
    [{ token: 'abc', cancellationNotes: 'yes' }, 'cancellationNotes'],
  ])('rejects %j at %s', (settings, path) => {
    expect(schema.safeParse(settings).error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('rejects unknown keys, and credentials if callers send their own', () => {
    expect(schema.safeParse({ token: 'abc', user: 'op' }).success).toBe(false);
    const passthrough = airflow.settings(z.string(), 'passthrough');
    expect(passthrough.parse({})).toEqual({ cancellationNotes: true });
    expect(passthrough.safeParse({ token: 'abc' }).success).toBe(false);
  });

  it.each([
    [{ username: 'op', password: 'p1' }, 'p1'],
    [{ token: 't1' }, 't1'],
  ])('of %j declare the secret', (settings, secret) => {
    expect(secretsReadBy(airflow, settings)).toEqual({ read: [secret], declared: expect.arrayContaining([secret]) });
  });
});
