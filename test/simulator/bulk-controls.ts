import type { Random } from '../../src/sandbox-kit/random.ts';
import type { Operation } from './callers.ts';
import type { Replica } from './replica.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface BulkControlParts {
  time: VirtualTime;
  /** Take requests. */
  alive: readonly Replica[];
  ask(kind: Operation['kind'], variables: object): Promise<Operation | null>;
  /** Jobs come and go. */
  changeJobs(): void;
  crash(victim: Replica): void;
}

/**
 * A bulk operation that is bound to a preview: the jobs change between the two, and a replica crashes in the moment in which the operation is
 * suspended, resumed, or canceled.
 */
export async function controlBulk(own: Random, { time, alive, ask, changeJobs, crash }: BulkControlParts): Promise<void> {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => time.later(ms, resolve));
  const crashSoon = (): void =>
    time.later(own.integer(0, 40), () => {
      if (alive.length > 0) crash(own.pick(alive));
    });
  await wait(own.integer(50, 1_500));
  const previewed = await ask('preview', { action: 'CANCEL', filter: {} });
  const token = previewed?.data?.previewBulkAction?.token;
  if (!token) return;
  if (own.chance(0.6)) changeJobs();
  const ifChanged = own.pick(['REJECT', 'ACT_ON_PREVIEWED', 'ACT_ON_PREVIEWED']);
  const input = { action: 'CANCEL', previewToken: token, ifChanged, maxPerSecond: own.pick([1, 1, 2, 5]), reason: 'a bad day' };
  const started = await ask('start', { input });
  const id = started?.data?.startBulkAction?.id;
  if (!id) return;
  await wait(own.integer(0, 1_500));
  const first = own.pick(['suspend', 'suspend', 'cancelBulk'] as const);
  if (own.chance(0.5)) crashSoon();
  await ask(first, { id });
  if (first === 'cancelBulk') return;
  await wait(own.integer(0, 8_000));
  if (own.chance(0.5)) crashSoon();
  await ask(own.pick(['resume', 'resume', 'cancelBulk'] as const), { id });
}
