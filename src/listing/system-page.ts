import type { Problem, ProblemCode } from '../jobs/problem.ts';
import type { Positions } from './cursor-payload.ts';
import { toSystemRef } from './list-ref.ts';
import type { ListableSystem } from './listable-system.ts';
import type { ReaderState } from './source-reader.ts';

/** The state of one system on a page. */
export interface SystemPage {
  system: ListableSystem;
  status: 'OK' | 'END_REACHED' | 'TIMED_OUT' | 'UNAVAILABLE' | 'RATE_LIMITED' | 'ACCESS_DENIED';
  returnedCount: number;
  totalCount: number | null;
  problem: Problem | null;
}

export function describeSystem(
  system: ListableSystem,
  readers: readonly ReaderState[],
  rows: readonly { origin: ReaderState }[],
  positions: Positions,
): SystemPage {
  const own = readers.filter((reader) => reader.system === system);
  const problem = own.map((reader) => reader.problem()).find((found) => found !== null) ?? null;
  const returnedCount = rows.reduce((count, { origin }) => (origin.system === system ? count + 1 : count), 0);
  const more = own.some((reader) => reader.head() !== undefined || reader.hasMore());
  const counts = own.map((reader) => reader.totalCount());
  // A list that was read to the end is no longer read, so its count is unknown.
  const prefix = toSystemRef(system.id);
  const hasEnded = Object.entries(positions).some(([ref, position]) => position.isEnd && ref.startsWith(prefix));
  // Without any list, no job of the system can match.
  const isCounted = !hasEnded && !counts.includes(null);
  const totalCount = isCounted ? counts.reduce<number>((sum, count) => sum + (count ?? 0), 0) : null;
  return { system, status: problem ? statusOf(problem.code) : more ? 'OK' : 'END_REACHED', returnedCount, totalCount, problem };
}

/** The status of a system with this problem. */
export function statusOf(code: ProblemCode): SystemPage['status'] {
  switch (code) {
    case 'TIMED_OUT':
    case 'RATE_LIMITED':
    case 'ACCESS_DENIED':
      return code;
    case 'VENDOR_AUTHENTICATION_FAILED':
      return 'ACCESS_DENIED';
    case 'SCAN_LIMIT_REACHED':
    case 'INCOMPLETE_LIST':
      return 'OK';
    default:
      return 'UNAVAILABLE';
  }
}
