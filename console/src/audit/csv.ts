import type { EventsQuery } from '../api/generated/graphql.ts';

export type AuditEvent = EventsQuery['jobEvents']['nodes'][number];

const fields = [
  'id',
  'recordedAt',
  'kind',
  'caller',
  'action',
  'jobId',
  'jobName',
  'outcome',
  'code',
  'message',
  'reason',
  'sent',
  'requestId',
  'operationName',
  'bulkOperationId',
  'vendorStatus',
  'vendorCode',
] as const satisfies readonly (keyof AuditEvent)[];

export const csvHead = fields.join(',');

export function toCsvLine(event: AuditEvent): string {
  return fields.map((field) => toCell(event[field])).join(',');
}

/** Spreadsheets run cells that begin like a formula, so these get an apostrophe. */
function toCell(value: string | boolean | null): string {
  if (value === null) return '';
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
