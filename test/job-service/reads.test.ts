import { describe, expect, test } from 'vitest';
import { down } from '../jobs/memory-adapter.ts';
import { begin, connect, describeLookup } from './begin.ts';

describe('reads', () => {
  test('of one tick go to each system in one request, each id once, and come back in order', async () => {
    const a = connect('a', { '1': 'RUNNING', '2': 'FAILED' });
    const b = connect('b', { '1': 'QUEUED' });
    const { loadJob } = begin([a.system, b.system]);
    const lookups = await Promise.all(['a:2', 'b:1', 'a:1', 'a:2', 'a:9', 'a:1'].map(loadJob));
    expect(lookups.map(describeLookup)).toEqual([
      'a:2 FAILED',
      'b:1 QUEUED',
      'a:1 RUNNING',
      'a:2 FAILED',
      'notFound JOB_NOT_FOUND',
      'a:1 RUNNING',
    ]);
    expect([a.reads, b.reads]).toEqual([[['2', '1', '9']], [['1']]]);
  });

  test('are made once per operation', async () => {
    const a = connect('a', { '1': 'RUNNING' });
    const operation = begin([a.system]);
    await operation.loadJob('a:1');
    await operation.loadReference({ systemId: 'a', vendorId: '1' });
    expect(a.reads).toHaveLength(1);
    await begin([a.system]).loadJob('a:1');
    expect(a.reads).toHaveLength(2);
  });

  test.each([
    ['nonsense', 'notFound INVALID_ID', '"nonsense" is not a job ID: expected systemId:vendorId.'],
    ['c:1', 'notFound SYSTEM_NOT_FOUND', 'System "c" not found, or access denied.'],
    ['a:007', 'notFound INVALID_ID', 'An id of this vendor does not begin with 0.'],
  ])('of %s send no vendor request', async (id, expected, message) => {
    const a = connect('a', {});
    const lookup = await begin([a.system]).loadJob(id);
    expect(describeLookup(lookup)).toBe(expected);
    expect(lookup).toMatchObject({ problem: { message } });
    expect(a.reads).toEqual([]);
  });

  test('that fail cost only the jobs of their own system', async () => {
    const a = connect('a', {}, { answerRead: () => ({ kind: 'problem', problem: down }) });
    const b = connect('b', { '1': 'RUNNING' });
    const { loadJob } = begin([a.system, b.system]);
    const [failed, read] = await Promise.all([loadJob('a:1'), loadJob('b:1')]);
    expect(failed).toEqual({ kind: 'problem', problem: down, system: a.system });
    expect(describeLookup(read)).toBe('b:1 RUNNING');
  });

  test("of a reference return a placeholder if the job couldn't be read", async () => {
    const a = connect('a', {}, { answerRead: () => ({ kind: 'problem', problem: down }) });
    const job = await begin([a.system]).loadReference({ systemId: 'a', vendorId: 'x:1' });
    expect(job).toMatchObject({ id: 'a:x:1', status: 'UNKNOWN', problem: down, stale: false });
  });

  test('carry the signal of reads and the credential for their own system', async () => {
    const [a, b] = [connect('a', { '1': 'RUNNING' }), connect('b', { '1': 'RUNNING' })];
    const readSignal = new AbortController().signal;
    const { loadJob } = begin([a.system, b.system], { readSignal, credentialFor: (systemId) => (systemId === 'a' ? 'mine' : null) });
    await Promise.all([loadJob('a:1'), loadJob('b:1')]);
    expect(a.calls).toMatchObject([{ credential: 'mine', signal: readSignal }]);
    expect(b.calls).toMatchObject([{ credential: null, signal: readSignal }]);
  });
});
