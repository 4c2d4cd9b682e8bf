import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { describeError, isUnsent, provesNoEffect } from '../src/adapter/errors.ts';
import { checkVendorId, splitVendorId } from '../src/adapter/job-id.ts';
import { createMetaPattern, queueOfMetaKey } from '../src/adapter/keys.ts';
import { toJobFields, toListRow } from '../src/adapter/map.ts';
import type { StoredJob } from '../src/adapter/read-jobs.ts';
import { createSettingsSchema } from '../src/adapter/settings.ts';

const stored = (fields: StoredJob['fields'], more: Partial<StoredJob> = {}): StoredJob => ({
  queue: 'mail',
  id: '1',
  state: 'waiting',
  isPaused: false,
  dueAtMs: null,
  fields: { name: 'encode', timestamp: '1700000000000', ...fields },
  ...more,
});

describe('a job', () => {
  test.each([
    ['waiting', false, 'QUEUED'],
    ['waiting', true, 'PAUSED'],
    ['prioritized', true, 'PAUSED'],
    ['waiting-children', false, 'QUEUED'],
    ['delayed', true, 'SCHEDULED'],
    ['active', true, 'RUNNING'],
    ['completed', true, 'SUCCEEDED'],
    ['failed', true, 'FAILED'],
    ['unknown', false, 'UNKNOWN'],
  ] as const)('that is %s in a queue that is paused: %s has the status %s', (state, isPaused, status) => {
    expect(toJobFields(stored({}, { state, isPaused }), [])).toMatchObject({ status, vendorStatus: state });
  });

  test.each([
    ['1700000000000', new Date(1_700_000_000_000)],
    ['1.5', new Date(1)],
    ['-1', new Date(-1)],
    ['abc', null],
    ['', null],
    ['1e300', null],
    ['99999999999999999', null],
  ])('created at %j has the time %s', (timestamp, date) => {
    expect(toJobFields(stored({ timestamp }), []).createdAt).toEqual(date);
  });

  test('that failed for a configured reason is canceled, and has no failure', () => {
    const failed = stored({ failedReason: 'Canceled by Ada' }, { state: 'failed' });
    expect(toJobFields(failed, ['Canceled'])).toMatchObject({ status: 'CANCELLED', failure: null });
    expect(toJobFields(failed, [])).toMatchObject({ status: 'FAILED', failure: { message: 'Canceled by Ada' } });
  });

  test('keeps the reason and the end of an earlier attempt to itself', () => {
    const earlier = { failedReason: 'full', finishedOn: '1700000000001' };
    expect(toJobFields(stored(earlier), [])).toMatchObject({ failure: null, finishedAt: null });
    expect(toJobFields(stored(earlier, { state: 'completed' }), [])).toMatchObject({
      failure: null,
      finishedAt: new Date(1_700_000_000_001),
    });
  });

  test.each([
    ['40', 0.4],
    ['0', 0],
    ['101', null],
    ['"half"', null],
    ['{"done":1}', null],
    ['{', null],
  ])('with the progress %s has the fraction %s', (progress, fraction) => {
    expect(toJobFields(stored({ progress }), []).progress?.fraction ?? null).toBe(fraction);
  });

  test('without a name has no type', () => {
    expect(toJobFields(stored({ name: '' }), []).type).toBeNull();
  });

  test('that vanished is no row', () => {
    expect(toListRow('queues', { read: { kind: 'notFound' }, vendorId: 'mail:1', index: 0 }, [])).toBeNull();
  });
});

describe('an ID', () => {
  test.each(['mail:1', 'mail:a:b:c', 'post office:007', 'mail:repeat:nightly:1700000000000', 'mail: ', 'ä:é'])('can be %j', (id) => {
    expect(checkVendorId(id, undefined)).toBeNull();
  });

  test.each(['mail', ':1', 'mail:', 'mail:completed', 'mail:meta', 'mail:\ud800', ''])('cannot be %j', (id) => {
    expect(checkVendorId(id, undefined)).toMatch(/^expected /);
  });

  test('is split at the first colon', () => {
    expect(splitVendorId('mail:a:b:c')).toEqual({ queue: 'mail', id: 'a:b:c' });
    expect(() => splitVendorId('mail')).toThrow();
  });
});

test('the keys of queues are those of the prefix, without those of jobs and of the relay', () => {
  expect(createMetaPattern('a*[b]?\\')).toBe('a\\*\\[b\\]\\?\\\\:*:meta');
  expect(queueOfMetaKey('bull', 'bull:mail:meta')).toBe('mail');
  expect(queueOfMetaKey('', ':mail:meta')).toBe('mail');
  expect(queueOfMetaKey('bull', 'bull:mail:a:b:meta')).toBeNull();
  expect(queueOfMetaKey('bull', 'bull::meta')).toBeNull();
});

describe('an error', () => {
  const error = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });

  test.each([
    'LOADING Redis is loading the dataset in memory',
    "READONLY You can't write against a read only replica.",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "CROSSSLOT Keys in request don't hash to the same slot",
    "NOPERM this user has no permissions to run the 'evalsha' command",
    'MISCONF Redis is configured to save RDB snapshots',
    'EXECABORT Transaction discarded because of previous errors.',
    "READONLY You can't write against a read only replica. script: 5f, on @user_script:9.",
    "OOM command not allowed when used memory > 'maxmemory'. script: 5f, on @user_script:9.",
  ])('that Redis sends before the first write changed nothing: %s', (message) => expect(provesNoEffect(error(message))).toBe(true));

  test.each([
    "ERR The user executing the script can't run this command or subcommand script: 5f, on @user_script:90.",
    'WRONGTYPE Operation against a key holding the wrong kind of value script: 5f, on @user_script:9.',
    'CROSSSLOT Keys do not hash to the same slot script: 5f, on @user_script:9.',
    'ERR something else',
  ])('from within a script, or an unknown one, proves nothing: %s', (message) => expect(provesNoEffect(error(message))).toBe(false));

  test('of a discarded transaction is that of the command which discarded it', () => {
    const discarded = Object.assign(error('EXECABORT Transaction discarded.'), { previousErrors: [error('NOPERM no permissions')] });
    expect(describeError('queues', discarded)).toMatchObject({
      code: 'ACCESS_DENIED',
      message: 'queues denied access: "NOPERM no permissions".',
    });
  });

  test('of ioredis without a connection means that nothing was sent', () => {
    expect(isUnsent(new Error("Stream isn't writeable and enableOfflineQueue options is false"))).toBe(true);
    expect(isUnsent(new Error('Connection is closed.'))).toBe(false);
  });
});

describe('settings', () => {
  const schema = createSettingsSchema(z.string());

  test('have defaults', () => {
    expect(schema.parse({})).toEqual({
      prefix: 'bull',
      relayNamespace: 'default',
      cancelReason: 'Canceled through Jobyard',
      canceledReasons: [],
      restartCompleted: false,
      startScheduledRuns: false,
      raw: [],
    });
  });

  test.each([
    [{ queues: [] }, 'expected at least one queue'],
    [{ queues: ['a:b'] }, 'expected the name of a queue, without colon'],
    [{ cancelTopic: 'jobs.*.cancel' }, 'expected a topic such as jobs.{queue}.cancel'],
    [{ raw: ['opts'] }, 'expected data, returnvalue or stacktrace'],
    [{ prefix: 7 }, 'expected text'],
  ])('%j are rejected: %s', (settings, message) => {
    expect(schema.safeParse(settings).error?.issues[0]?.message).toBe(message);
  });
});
