import { createCallers, type Operation } from './callers.ts';
import type { BulkRow, EventRow, LastRead, World } from './judged-world.ts';
import { hasEnded } from './oracle-bulk.ts';
import { administrator } from './plans.ts';
import type { Replica } from './replica.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The final state of the store. */
export type End = Pick<World, 'events' | 'bulks' | 'lastRead'>;

/** Whether the outcome of each action is known, and every bulk operation has ended or waits for a caller. */
export function isFoundOut({ events, bulks }: End): boolean {
  const keyOf = ({ jobId, requestId, action }: EventRow): string => `${requestId} ${action} ${jobId}`;
  const settled = new Set(events.filter(({ kind }) => kind === 'FOLLOW_UP').map(keyOf));
  const isOpen = (event: EventRow): boolean =>
    event.kind === 'ACTION' && ['ACCEPTED', 'OUTCOME_UNKNOWN'].includes(event.outcome) && !settled.has(keyOf(event));
  return !events.some(isOpen) && bulks.every(({ status }) => hasEnded.has(status));
}

/** The state of the store. */
export async function readStored(
  replica: Replica,
  overruled: string[],
  { time, trace }: { time: VirtualTime; trace: Trace },
): Promise<End> {
  /** The virtual clock is stopped unless it is moved. */
  const reach = <Value>(work: Promise<Value>): Promise<Value | undefined> => time.reach(work, 60_000);
  const own = createCallers(time, trace);
  const readAll = async (kind: Operation['kind'], variables: object, pageOf: (data: Operation['data']) => Operation['data']) => {
    const nodes: Operation['data'][] = [];
    for (let after: string | null = null; ; ) {
      const operation: Operation | undefined = await reach(
        own.ask(replica, { caller: administrator, kind, variables: { ...variables, after }, leavesAfterMs: null }),
      );
      const page: Operation['data'] = operation?.data && pageOf(operation.data);
      if (!page) throw new Error(`The end of the world can't be read: ${kind}: ${operation?.text ?? 'no answer'}`);
      nodes.push(...page.nodes);
      if (!page.pageInfo?.hasNextPage) return nodes;
      after = page.pageInfo.endCursor;
    }
  };
  const asked = { caller: administrator, kind: 'read', variables: { ids: overruled }, leavesAfterMs: null } as const;
  const operation = overruled.length > 0 ? await reach(own.ask(replica, asked)) : undefined;
  const lastRead: LastRead = {
    atMs: time.nowMs(),
    jobs: new Map((operation?.data?.jobsByIds ?? []).map((job: Operation['data'], index: number) => [overruled[index], job])),
  };
  const events: EventRow[] = await readAll('events', {}, ({ jobEvents }) => jobEvents);
  const listed = await readAll('bulks', {}, ({ bulkOperations }) => bulkOperations);
  const bulks: BulkRow[] = [];
  for (const { id } of listed) {
    const heads: Omit<BulkRow, 'items'>[] = [];
    const items = await readAll('bulk', { id }, ({ bulkOperation }) => {
      heads.push(bulkOperation);
      return bulkOperation.items;
    });
    const head = heads.at(-1);
    if (!head) throw new Error(`The bulk operation ${id} was never read`);
    bulks.push({ ...head, items });
  }
  return { events, bulks, lastRead };
}
