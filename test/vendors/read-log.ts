import { createJobLogs, type LogOptions, type LogPage } from '../../src/job-service/job-logs.ts';
import type { ServedSystem } from '../../src/job-service/served-system.ts';
import type { CallContext } from '../../src/jobs/adapter.ts';
import { createJob } from '../../src/jobs/create-job.ts';
import { createCursorKeys } from '../../src/listing/cursor-keys.ts';
import { connectMemory } from '../jobs/memory-adapter.ts';
import type { ReadableAdapter } from './readable-adapter.ts';

export type ReadLog = (vendorId: string, options?: Partial<LogOptions>) => Promise<LogPage | null>;

/** Reads pages of logs as callers get them. */
export function createReadLog(adapter: ReadableAdapter): ReadLog {
  const system: ServedSystem = { ...connectMemory({ id: 'checked' }).system, adapter };
  const callTo = (): CallContext => ({ caller: 'test', signal: AbortSignal.timeout(20_000), credential: null });
  const { loadLog } = createJobLogs((id) => (id === 'checked' ? system : null), callTo, createCursorKeys());
  return async (vendorId, options = {}) => {
    const [read] = await adapter.getJobs([vendorId], callTo());
    if (read?.kind !== 'job') throw new Error(`No job ${vendorId}: ${read?.kind}`);
    const job = createJob('checked', read.job, new Date());
    const page = await loadLog(job, { stepId: null, first: 100, after: null, minSeverity: null, ...options });
    if (page === 'badCursor') throw new Error('The cursor is invalid');
    return page;
  };
}

/** The messages of all pages. */
export async function readMessages(readLog: ReadLog, vendorId: string, options: Partial<LogOptions> = {}): Promise<string[]> {
  const messages: string[] = [];
  let page = await readLog(vendorId, options);
  for (let pages = 1; page; pages += 1) {
    if (page.problem) throw new Error(page.problem.message);
    messages.push(...page.lines.map(({ message }) => message));
    if (!page.hasNextPage) break;
    if (pages === 200) throw new Error('No end after 200 pages');
    page = await readLog(vendorId, { ...options, after: page.endCursor() });
  }
  return messages;
}
