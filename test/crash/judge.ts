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

/** The jobs that a request to a vendor named. */
type Note = { kind: 'cancel'; ids: string[] } | { kind: 'read'; ids: string[] | 'all' };

const cancelledWords = /^(CANCELLED|CANCELLING|DISCARDED)$/;

/** Everything that is not as it must be, in words; empty: all is well. */
export function findViolations(
  { selected, bystanders }: Pick<VendorsReady, 'selected' | 'bystanders'>,
  items: readonly ItemSeen[],
  counts: Record<'selected' | 'pending' | 'succeeded' | 'failed' | 'unknown', number>,
  { requests, words }: VendorsReport,
): string[] {
  const violations: string[] = [];
  const word = new Map(words);
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
    const isCancelled = cancelledWords.test(word.get(jobId) ?? '');
    // Each of them could be canceled, and a retry is safe on all four systems, so every other result is wrong.
    if (status !== 'SUCCEEDED' || !isCancelled) violations.push(`${jobId} is ${status}, and ${word.get(jobId)} in truth`);
  }
  for (const id of bystanders) if (cancelledWords.test(word.get(id) ?? '')) violations.push(`${id} was cancelled and not selected`);
  for (const [systemId, log] of Object.entries(requests)) violations.push(...judgeLog(systemId, log, new Set(selected)));
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
export function judgeLog(systemId: string, log: VendorsReport['requests'][string], selected: ReadonlySet<string>): string[] {
  const violations: string[] = [];
  const sentUnread = new Set<string>();
  for (const request of log) {
    const note = notes[systemId]?.(request);
    if (!note) continue;
    if (note.kind === 'read') {
      if (note.ids === 'all') sentUnread.clear();
      else for (const id of note.ids) sentUnread.delete(id);
      continue;
    }
    for (const id of note.ids) {
      if (!selected.has(`${systemId}:${id}`)) violations.push(`${systemId}:${id} was sent and not selected`);
      if (sentUnread.has(id)) violations.push(`${systemId}:${id} was sent twice and not read in between`);
      sentUnread.add(id);
    }
  }
  return violations;
}

const notes: Record<string, (request: { method: string; target: string; body: string }) => Note | null> = {
  kinetica({ target, body }) {
    if (target === '/admin/alter/jobs') return { kind: 'cancel', ids: body.match(/"job_ids":\s*\[([^\]]*)\]/)?.[1]?.match(/\d+/g) ?? [] };
    return target === '/admin/show/jobs' ? { kind: 'read', ids: 'all' } : null;
  },
  kylin({ method, target, body }) {
    if (method === 'PUT' && target.endsWith('/jobs/status'))
      return { kind: 'cancel', ids: (JSON.parse(body) as { job_ids: string[] }).job_ids };
    if (method !== 'GET' || !target.includes('/jobs?')) return null;
    const key = new URLSearchParams(target.slice(target.indexOf('?'))).get('key');
    return { kind: 'read', ids: key ? [key] : 'all' };
  },
  'veeva-vault'({ method, target, body }) {
    if (target.endsWith('/actions/cancel')) return { kind: 'cancel', ids: decodeURIComponent(body).match(/\d+/g) ?? [] };
    if (target.endsWith('/query')) return { kind: 'read', ids: decodeURIComponent(body).match(/(?<=')\d+(?=')/g) ?? [] };
    if (method !== 'GET' || !target.includes('/services/jobs/')) return null;
    const id = /\/services\/jobs\/(\d+)$/.exec(target)?.[1];
    return { kind: 'read', ids: id ? [id] : 'all' };
  },
  aodocs({ method, target }) {
    const [, id, action] = /^\/api\/job\/v1\/([^/?]+)(\/cancel)?(?:\?|$)/.exec(target) ?? [];
    if (!id) return null;
    if (action) return { kind: 'cancel', ids: [id] };
    return method === 'GET' ? { kind: 'read', ids: [id] } : null;
  },
};
