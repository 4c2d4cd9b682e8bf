import { controlCharacter } from '../../../jobs/job-id.ts';

/** The names of one run: a run's own ID is unique only within its DAG. */
export interface RunId {
  dagId: string;
  runId: string;
}

/** `~` means all, and URLs are normalized without `.` and `..`. */
const reserved: ReadonlySet<string> = new Set(['', '~', '.', '..']);

/** Why this text can't be the ID of a run, or null. */
export function checkVendorId(vendorId: string): string | null {
  return parseVendorId(vendorId) ? null : 'The ID of an Airflow run is DAG_ID/RUN_ID, for example etl/manual__2026-01-05T00:00:00+00:00.';
}

/** Null: not the ID of a run. */
export function parseVendorId(vendorId: string): RunId | null {
  const slash = vendorId.indexOf('/');
  if (slash < 0 || controlCharacter.test(vendorId) || !vendorId.isWellFormed()) return null;
  const dagId = vendorId.slice(0, slash);
  const runId = vendorId.slice(slash + 1);
  // Airflow has no path for a run whose ID contains a slash.
  return reserved.has(dagId) || reserved.has(runId) || runId.includes('/') ? null : { dagId, runId };
}

/** The names of a run that `checkVendorId` accepts. */
export function splitVendorId(vendorId: string): RunId {
  const id = parseVendorId(vendorId);
  if (!id) throw new Error(`Not the ID of a run: ${vendorId}`);
  return id;
}
