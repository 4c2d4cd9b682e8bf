import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RunningSandbox, SandboxAction } from 'jobyard/sandbox';
import { startRedis } from './redis.ts';

/** Redis with jobs in every state: a subject for the checks that every adapter must pass. */
export async function startRedisWithJobs({ jobs = 60 }: { jobs?: number } = {}): Promise<RunningSandbox> {
  const server = await startRedis({ password: 'redis-secret' });
  const connection = { host: '127.0.0.1', port: server.port, password: 'redis-secret' };
  const mail = new Queue('mail', { connection });
  const video = new Queue('video', { connection });
  await seed([mail, video], server.redis, jobs);
  const ready = new Map<SandboxAction, string[]>();
  for (const action of ['CANCEL', 'RESTART', 'START'] as const) ready.set(action, await addJobs(mail, server.redis, action));
  return {
    vendor: 'bullmq',
    url: server.url,
    settings: { password: 'redis-secret' },
    addJobsFor: (action, count) => ready.get(action)?.splice(0, count) ?? [],
    addOddRows() {
      const hset = (id: string, ...fields: string[]) => ['HSET', `bull:mail:${id}`, 'name', 'encode', ...fields];
      server.runSync([
        hset('odd-opts', 'opts', '{'),
        hset('odd-progress', 'progress', 'half'),
        ['SET', 'bull:mail:odd-key', 'text'],
        ['LPUSH', 'bull:mail:wait', 'odd-opts', 'odd-progress', 'odd-key'],
      ]);
      return { readableIds: ['mail:odd-opts', 'mail:odd-progress'], withoutId: 1 };
    },
    async close() {
      await Promise.all([mail.close(), video.close()]);
      await server.close();
    },
  };
}

async function seed(queues: readonly Queue[], redis: Redis, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const options = [{}, { priority: 2 }, { delay: 3_600_000 }, {}, {}][index % 5];
    const timestamp = 1_700_000_000_000 + index * 1_000;
    const queue = queues[index % queues.length];
    const job = await queue?.add(index % 3 === 0 ? 'encode' : 'deliver', { index }, { timestamp, ...options });
    const id = job?.id ?? '';
    for (let row = 0; row < index % 12; row += 1) await job?.log(`row ${row}`);
    if (index % 5 < 3 || !queue) continue;
    const [state, reason] = index % 5 === 3 ? (['completed', {}] as const) : (['failed', { failedReason: 'full' }] as const);
    await redis
      .multi()
      .lrem(queue.toKey('wait'), 1, id)
      .zadd(queue.toKey(state), timestamp + 5_000, id)
      .hset(queue.toKey(id), { processedOn: timestamp + 1_000, finishedOn: timestamp + 5_000, ...reason })
      .exec();
  }
}

/** Enough for the checks of one action. */
async function addJobs(queue: Queue, redis: Redis, action: SandboxAction): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < 10; index += 1) {
    const { id = '' } = await queue.add('encode', {}, action === 'START' ? { delay: 3_600_000 } : {});
    ids.push(`mail:${id}`);
    if (action !== 'RESTART') continue;
    await redis
      .multi()
      .lrem('bull:mail:wait', 1, id)
      .zadd('bull:mail:failed', 1_700_000_000_000, id)
      .hset(`bull:mail:${id}`, { finishedOn: 1_700_000_000_000, failedReason: 'full' })
      .exec();
  }
  return ids;
}
