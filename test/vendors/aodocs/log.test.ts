import { afterEach, describe, expect, test } from 'vitest';
import type { JobEvent } from '../../../src/vendors/aodocs/sandbox/job.ts';
import { createReadLog, readMessages } from '../read-log.ts';
import { closeAll, start, startAtMs } from './start-adapter.ts';

afterEach(closeAll);

/** Of which every tenth is an error, and the one before it a warning. */
const events = (count: number): JobEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    atMs: startAtMs + index * 1_000,
    severity: index % 10 === 9 ? 'ERROR' : index % 10 === 8 ? 'WARN' : 'INFO',
    message: `event ${index}`,
  }));

describe('the log of a job', () => {
  test("has the job's events", async () => {
    const { sandbox, adapter, libraryId } = await start();
    const id = sandbox.state.addJob({ libraryId, events: events(10) });
    const page = await createReadLog(adapter)(id);
    expect(page?.lines).toHaveLength(10);
    expect(page?.lines[8]).toEqual({
      loggedAt: new Date(startAtMs + 8_000),
      severity: 'WARNING',
      message: 'event 8',
      source: null,
      stepId: null,
      truncated: false,
    });
    expect(page).toMatchObject({ hasNextPage: false, problem: null });
  });

  test.each(['full', 'short', 'emptyFirst'] as const)('has each event once, in order, whatever pages AODocs sends: %s', async (pages) => {
    const { sandbox, adapter, libraryId } = await start({ switches: { pages } });
    const id = sandbox.state.addJob({ libraryId, events: events(350) });
    const expected = events(350).map(({ message }) => message);
    for (const first of [60, 100, 500]) expect(await readMessages(createReadLog(adapter), id, { first })).toEqual(expected);
  });

  test('asks AODocs for errors only, if a caller does', async () => {
    const { sandbox, adapter, libraryId } = await start();
    const id = sandbox.state.addJob({ libraryId, events: events(2_000) });
    const readLog = createReadLog(adapter);
    sandbox.requests.clear();
    const page = await readLog(id, { minSeverity: 'ERROR', first: 500 });
    expect(page?.lines).toHaveLength(200);
    expect(sandbox.requests.all().filter(({ target }) => target.includes('/events/'))).toHaveLength(2);
    expect(await readMessages(readLog, id, { minSeverity: 'WARNING' })).toHaveLength(400);
  });

  test('keeps events of which a field is missing or has another type', async () => {
    const { sandbox, adapter, libraryId } = await start();
    const id = sandbox.state.addJob({ libraryId, events: events(1) });
    const body = JSON.stringify({
      events: [7, { message: 7 }, { message: 'x', severity: 'LOUD', timestamp: 'never' }, { severity: 'INFO' }],
    });
    const headers = { 'content-type': 'application/json' };
    sandbox.faults.add({ path: '/events/', fault: { kind: 'answer', status: 200, headers, body, applied: false } });
    const page = await createReadLog(adapter)(id);
    expect(page?.lines.map(({ message, severity, loggedAt }) => [message, severity, loggedAt])).toEqual([
      ['', null, null],
      ['x', null, null],
      ['', 'INFO', null],
    ]);
  });

  test('that the account may not read is a problem, and one of a deleted job is null', async () => {
    const { sandbox, adapter, libraryId } = await start();
    const id = sandbox.state.addJob({ libraryId, events: events(1) });
    const json = { 'content-type': 'application/json' };
    const denial = JSON.stringify({ error: { message: 'You have no access', errors: [{ reason: 'forbidden' }] } });
    sandbox.faults.add({ path: '/events/', fault: { kind: 'answer', status: 403, headers: json, body: denial, applied: false } });
    expect(await createReadLog(adapter)(id)).toMatchObject({ lines: [], problem: { code: 'ACCESS_DENIED' } });
    const absent = JSON.stringify({ error: { message: 'No entity', errors: [{ reason: 'notFound' }] } });
    sandbox.faults.add({ path: '/events/', fault: { kind: 'answer', status: 404, headers: json, body: absent, applied: false } });
    expect(await createReadLog(adapter)(id)).toBeNull();
  });
});
