import { expect, test } from 'vitest';
import { toFailure } from '../../../src/vendors/kinetica/adapter/map.ts';
import type { ReadableAdapter } from '../readable-adapter.ts';
import { call, read, start } from './setup.ts';

async function messageOf(adapter: ReadableAdapter, id: string) {
  if (typeof adapter.getFailure !== 'function') throw new Error('It is asked for by a request of its own');
  const failure = await adapter.getFailure(await read(adapter, id), call);
  return failure.ok ? { ok: true, value: failure.value?.message ?? null } : failure;
}

test('the error message of an asynchronous job; of one that is not kept, none', async () => {
  const { sandbox, adapter } = await start({ syncJobRead: 'rejected' });
  const failed = sandbox.state.addJob({ status: 'ERROR', running: false, errorMessage: 'Column amount not found (S/SQ:12)' });
  expect(await messageOf(adapter, failed)).toEqual({ ok: true, value: 'Column amount not found (S/SQ:12)' });
  expect(await messageOf(adapter, sandbox.state.addJob({ kind: 'sync' }))).toEqual({ ok: true, value: null });
  sandbox.faults.add({ fault: { kind: 'answer', status: 404, applied: false }, path: '/get/job' });
  expect(await messageOf(adapter, failed)).toMatchObject({ ok: false, problem: { code: 'INVALID_VENDOR_RESPONSE' } });
});

test('a message that quotes a statement with secrets loses its literals', () => {
  const of = (message: unknown) => toFailure({ status_map: { error_message: message as string } })?.message ?? null;
  expect(of("Failed: CREATE CREDENTIAL s3 SECRET='swordfish'")).toBe('Failed: CREATE CREDENTIAL s3 SECRET=?');
  expect(of("Value '17' of amount is no number")).toBe("Value '17' of amount is no number");
  expect(of('')).toBeNull();
  expect(toFailure({})).toBeNull();
});
