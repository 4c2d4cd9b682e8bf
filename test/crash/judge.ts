import type { LoggedRequest } from '../../src/sandbox-kit/request-log.ts';
import type { VendorName } from '../vendors/contract.ts';
import { splitId, subjects, vendorNames } from '../vendors/subjects.ts';
import type { VendorsReady, VendorsReport } from './vendors.ts';

/** An item as Jobyard returns it in the end. */
export interface ItemSeen {
  jobId: string;
  status: string;
  attempts: number;
}

/** An event of an action on an item. */
export interface EventSeen {
  jobId: string;
  outcome: string;
  sent: boolean;
}

/** Everything that is not as it must be, in words; empty: all is well. */
export function findViolations(
  { selected, bystanders }: Pick<VendorsReady, 'selected' | 'bystanders'>,
  items: readonly ItemSeen[],
  counts: Record<'selected' | 'pending' | 'succeeded' | 'failed' | 'unknown', number>,
  { requests, words }: VendorsReport,
): string[] {
  const violations: string[] = [];
  const word = new Map(words);
  const isCancelled = (id: string): boolean => subjects[splitId(id).system].jobs.shows('cancel', word.get(id) ?? '');
  const ids = new Set(items.map(({ jobId }) => jobId));
  if (ids.size !== items.length) violations.push(`${items.length - ids.size} jobs are items twice`);
  const missing = selected.filter((id) => !ids.has(id));
  if (missing.length > 0) violations.push(`${missing.length} jobs that matched are no items, such as ${missing[0]}`);
  const foreign = items.filter(({ jobId }) => !selected.includes(jobId) && bystanders.includes(jobId));
  if (foreign.length > 0) violations.push(`${foreign.length} jobs that did not match are items`);

  const tallied = { selected: items.length, pending: 0, succeeded: 0, failed: 0, unknown: 0 };
  for (const { status } of items) tallied[status.toLowerCase() as 'pending'] += 1;
  if (JSON.stringify(tallied) !== JSON.stringify(counts)) {
    violations.push(`counts are ${JSON.stringify(counts)}, the items are ${JSON.stringify(tallied)}`);
  }
  for (const { jobId, status } of items) {
    // Each of them could be canceled, and a retry is safe on all systems, so every other result is wrong.
    if (status !== 'SUCCEEDED' || !isCancelled(jobId)) violations.push(`${jobId} is ${status}, and ${word.get(jobId)} in truth`);
  }
  for (const id of bystanders) if (isCancelled(id)) violations.push(`${id} was cancelled and not selected`);
  for (const systemId of vendorNames) violations.push(...judgeLog(systemId, requests[systemId] ?? [], new Set(selected)));
  return violations;
}

const successes = new Set(['CONFIRMED', 'ACCEPTED', 'ALREADY_DONE', 'JOB_GONE']);

/** Each item that succeeded has one event with a success. */
export function judgeEvents(items: readonly ItemSeen[], events: readonly EventSeen[]): string[] {
  const eventsByJob = Map.groupBy(
    events.filter(({ outcome }) => successes.has(outcome)),
    ({ jobId }) => jobId,
  );
  return items.flatMap(({ jobId }) => {
    const count = eventsByJob.get(jobId)?.length ?? 0;
    return count === 1 ? [] : [`${jobId} has ${count} events of its outcome`];
  });
}

/** No job named in a cancel that was not selected, and none twice without being read in between. */
export function judgeLog(systemId: VendorName, log: readonly LoggedRequest[], selected: ReadonlySet<string>): string[] {
  const violations: string[] = [];
  const sentUnread = new Set<string>();
  for (const request of log) {
    const purpose = subjects[systemId].purposeOf(request);
    if (!purpose) continue;
    if (purpose.kind === 'read') {
      if (purpose.ids === 'all') sentUnread.clear();
      else for (const id of purpose.ids) sentUnread.delete(id);
      continue;
    }
    for (const id of purpose.ids) {
      if (!selected.has(`${systemId}:${id}`)) violations.push(`${systemId}:${id} was sent and not selected`);
      if (sentUnread.has(id)) violations.push(`${systemId}:${id} was sent twice and not read in between`);
      sentUnread.add(id);
    }
  }
  return violations;
}
