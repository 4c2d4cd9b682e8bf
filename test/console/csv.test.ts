import { expect, test } from 'vitest';
import { type AuditEvent, csvHead, toCsvLine } from '../../console/src/audit/csv.ts';

const event: AuditEvent = {
  id: '7',
  kind: 'ACTION',
  recordedAt: '2026-03-02T18:14:42.000Z',
  jobId: 'kylin:1',
  jobName: 'sales_daily',
  caller: 'key:night-ops',
  action: 'CANCEL',
  reason: null,
  requestId: null,
  operationName: null,
  bulkOperationId: null,
  sent: true,
  vendorStatus: null,
  vendorCode: null,
  outcome: 'CONFIRMED',
  code: null,
  message: null,
};

const reasonOf = (reason: string): string =>
  toCsvLine({ ...event, reason })
    .split('CONFIRMED,,,')[1]
    ?.split(',true')[0] ?? '';

test('has as many cells as its head', () => {
  expect(toCsvLine(event).split(',')).toHaveLength(csvHead.split(',').length);
});

test.each([
  ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@sum', "'@sum"],
  ['a, b', '"a, b"'],
  ['a\nb', '"a\nb"'],
  ['plain', 'plain'],
])('the cell %j is written as %j, which no spreadsheet runs', (reason, cell) => {
  expect(reasonOf(reason)).toBe(cell);
});
