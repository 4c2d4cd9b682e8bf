import { describe, expect, it } from 'vitest';
import { createDateReader, isTimeZone } from '../../../src/vendors/veeva-vault/adapter/dates.ts';
import { list, nowMs, start } from './setup.ts';

const newYork = createDateReader('America/New_York');
const utc = createDateReader('UTC');

describe("a date in the Vault's time zone", () => {
  it.each([
    ['in winter', '2026-03-02T06:00:00.000Z', '2026-03-02T11:00:00Z'],
    ['in summer', '2026-07-01T06:00:00.000Z', '2026-07-01T10:00:00Z'],
    ['the minute before clocks go forward', '2026-03-08T01:59:00.000Z', '2026-03-08T06:59:00Z'],
    ['when they have', '2026-03-08T03:00:00.000Z', '2026-03-08T07:00:00Z'],
    ['in the hour that they skip', '2026-03-08T02:30:00.000Z', '2026-03-08T07:30:00Z'],
    ['in the hour that they repeat: the first time', '2026-11-01T01:30:00.000Z', '2026-11-01T05:30:00Z'],
    ['after it', '2026-11-01T02:00:00.000Z', '2026-11-01T07:00:00Z'],
    ['without a zone', '2026-07-01T06:00:00', '2026-07-01T10:00:00Z'],
    ['without seconds', '2026-07-01T06:00', '2026-07-01T10:00:00Z'],
    ['with an offset, which counts', '2026-07-01T06:00:00+02:00', '2026-07-01T04:00:00Z'],
  ])('%s', (_name, text, instant) => {
    expect(newYork(text, true)).toEqual(new Date(instant));
  });

  it.each([
    ['Asia/Kathmandu', '2026-03-02T06:00:00Z', '2026-03-02T00:15:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T01:59:00Z', '2026-10-03T15:29:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:30:00Z', '2026-10-03T15:30:00Z'],
    ['Pacific/Kiritimati', '2026-03-02T06:00:00Z', '2026-03-01T16:00:00Z'],
  ])('of %s: %s', (zone, text, instant) => {
    expect(createDateReader(zone)(text, true)).toEqual(new Date(instant));
  });

  it('is one of a scheduled job, or without a zone; all others are UTC', () => {
    expect(newYork('2026-07-01T06:00:00.000Z', false)).toEqual(new Date('2026-07-01T06:00:00Z'));
    expect(newYork('2026-07-01T06:00:00.000', false)).toEqual(new Date('2026-07-01T10:00:00Z'));
    expect(utc('2026-07-01T06:00:00.000', false)).toEqual(new Date('2026-07-01T06:00:00Z'));
  });

  it.each(['', 'soon', '2026-13-01T00:00:00Z', '2026-07-01', '+012026-07-01T06:00:00Z', 1_700_000_000_000, null, undefined, []])(
    '%j is none',
    (value) => {
      expect(utc(value, false)).toBeNull();
      expect(newYork(value, true)).toBeNull();
    },
  );

  it('has the IANA name of a zone', () => {
    expect(['UTC', 'Europe/Zurich', 'America/New_York'].every(isTimeZone)).toBe(true);
    expect(['', 'Eastern', 'Mars/Olympus'].some(isTimeZone)).toBe(false);
  });
});

describe('the setting timeZone', () => {
  it('is that of the dates of scheduled jobs, and of no others', async () => {
    // The Vault's clocks are 4 hours behind UTC, as New York's are in June.
    const { sandbox, adapter } = await start({ scheduledTimesOffsetMinutes: -240 }, {}, { timeZone: 'America/New_York' });
    const createdAtMs = nowMs - 3_600_000;
    sandbox.state.addJob({ title: 'planned', status: 'SCHEDULED', createdBy: 1, createdAtMs, repeatEveryMs: 86_400_000 });
    sandbox.state.addJob({ title: 'ended', status: 'SUCCESS', createdBy: 1, createdAtMs, endedAtMs: nowMs, repeatEveryMs: 86_400_000 });
    sandbox.state.addJob({ title: 'asked for', status: 'RUNNING', createdAtMs });
    const rows = await list(adapter);
    for (const row of rows.filter(({ name }) => name !== 'Export Documents')) expect(row.createdAt).toEqual(new Date(createdAtMs));
    expect(rows.find(({ name }) => name === 'ended')?.finishedAt).toEqual(new Date(nowMs));
  });

  it('is that of dates without a zone', async () => {
    const { sandbox, adapter } = await start(
      { scheduledTimesOffsetMinutes: -240, zonelessDates: true },
      {},
      { timeZone: 'America/New_York' },
    );
    sandbox.state.addJob({ status: 'RUNNING', createdAtMs: nowMs - 3_600_000 });
    expect((await list(adapter))[0]?.createdAt).toEqual(new Date(nowMs - 3_600_000));
  });
});
